"""Margins and suspects of labels, by hand."""

import numpy as np

from injerto.learning.wrong_classes import margins, suspected


def test_margins_by_hand() -> None:
    chances = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
    np.testing.assert_allclose(margins(chances, np.array([0, 1])), [0.2, -0.5])
    np.testing.assert_allclose(margins(chances, np.array([1, 2])), [-0.2, 0.5])


def test_suspects_by_hand() -> None:
    # Rows labelled 0 have 0.8 on average for 0, rows labelled 1 have 0.6 for 1.
    chances = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.9, 0.1], [0.2, 0.8]])
    labels = np.array([0, 0, 0, 1, 1, 1])
    assert suspected(chances, labels).tolist() == [False, False, False, False, True, False]


def test_a_hard_class_needs_less_to_be_suspected() -> None:
    """Class 1 is never surer than 0.45: a row labelled 0 with as much of it is suspected though 0 leads."""
    chances = np.array([[0.9, 0.1], [0.9, 0.1], [0.55, 0.45], [0.6, 0.4], [0.6, 0.4]])
    assert suspected(chances, np.array([0, 0, 0, 1, 1])).tolist() == [False, False, True, False, False]


def test_a_class_without_rows_suspects_none() -> None:
    assert suspected(np.array([[0.6, 0.4, 0.0], [0.3, 0.7, 0.0]]), np.array([0, 1])).tolist() == [False, False]
