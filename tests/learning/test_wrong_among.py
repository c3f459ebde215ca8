"""Labels that are too many or missing, by hand."""

import numpy as np

from injerto.learning.wrong_among import margins_among, suspected_among


def test_margins_by_hand() -> None:
    chances = np.array([[0.9, 0.2], [0.4, 0.5]])
    given = np.array([[True, True], [False, False]])
    np.testing.assert_allclose(margins_among(chances, given), [[0.8, -0.6], [0.2, 0.0]])


def test_each_label_is_a_question_of_its_own() -> None:
    # Label 0: rows with it have 0.7 of it on average, rows without it 0.8 of its absence; label 1 is always as it is told.
    chances = np.array([[0.9, 0.1], [0.9, 0.1], [0.3, 0.1], [0.05, 0.9], [0.05, 0.9], [0.5, 0.9]])
    given = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]]) > 0
    assert not suspected_among(chances, given).any()
    chances[2, 0], chances[5, 0] = 0.1, 0.85  # 0.633 of it on average, 0.683 of its absence
    assert suspected_among(chances, given).tolist() == [[False] * 2] * 2 + [[True, False]] + [[False] * 2] * 2 + [[True, False]]


def test_a_label_that_every_row_has_is_not_doubted() -> None:
    assert not suspected_among(np.full((4, 1), 0.3), np.full((4, 1), True)).any()
