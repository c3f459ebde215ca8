"""Rows that a model met before: by what they say, and not where many say the same."""

from __future__ import annotations

import numpy as np

from injerto.artifact.known_rows import Known, recognised
from injerto.table.split import Rows

ROWS = Rows(np.arange(60), np.arange(60, 80), np.arange(80, 100), "")
UNLIKE = np.arange(1000, 1100).astype(np.uint64)
ALIKE = (np.arange(100) % 30).astype(np.uint64)


def test_rows_are_known_in_any_order_and_among_others() -> None:
    shuffled = np.random.default_rng(0).permutation(UNLIKE)
    assert recognised(UNLIKE, ROWS, shuffled) == Known(20, 80, 20)
    assert recognised(UNLIKE, ROWS, UNLIKE[80:]) == Known(20, 0, 20)
    others = np.arange(5000, 5030).astype(np.uint64)
    assert recognised(UNLIKE, ROWS, np.concatenate([others, UNLIKE[90:100]])) == Known(10, 0, 20)
    assert recognised(UNLIKE, ROWS, others) == Known(0, 0, 20)


def test_a_few_equal_rows_may_be_chance() -> None:
    others = np.arange(5000, 5097).astype(np.uint64)
    assert recognised(UNLIKE, ROWS, np.concatenate([others, UNLIKE[:2], UNLIKE[80:81]])) == Known(0, 0, 20)


def test_where_many_rows_say_the_same_only_whole_tables_are_known() -> None:
    """Next year's answers to five questions are like this year's, and are not this year's."""
    assert recognised(ALIKE, ROWS, ALIKE[::-1]) == Known(20, 80, 20)
    assert recognised(ALIKE, ROWS, ALIKE[80:]) == Known(20, 0, 20)
    assert recognised(ALIKE, ROWS, ALIKE[:50]) == Known(0, 0, 20)
    assert recognised(ALIKE, ROWS, ALIKE[81:]) == Known(0, 0, 20)


def test_without_contents_or_rows_nothing_is_known() -> None:
    assert recognised(None, ROWS, UNLIKE) == recognised(UNLIKE, ROWS, UNLIKE[:0]) == Known(0, 0, 20)
    without_test = Rows(np.arange(80), np.arange(80, 100), np.arange(0), "")
    assert recognised(UNLIKE, without_test, UNLIKE) == Known(0, 100, 0)
    assert recognised(ALIKE, without_test, ALIKE[:0]) == Known(0, 0, 0)
