"""Every class is learned where rows allow; what is held out whole on purpose stays so."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from injerto.table.allot import allot
from injerto.table.cover import cover


def test_a_class_that_train_lacks_is_moved_there() -> None:
    side = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    strata = np.array([0, 0, 0, 0, 1, 2, 2, -1])
    assert cover(side, unit=np.arange(8), strata=strata).tolist() == [0, 0, 0, 1, 0, 0, 2, 2]


def test_a_side_of_one_row_gets_another_in_exchange() -> None:
    side = np.array([0, 0, 0, 1, 2])
    assert cover(side, unit=np.arange(5), strata=np.array([0, 0, 0, 0, 1])).tolist() == [2, 0, 0, 1, 0]


def test_whole_strata_held_out_on_purpose_stay() -> None:
    side = np.array([0, 0, 1, 2])
    assert cover(side, unit=np.arange(4), strata=np.arange(4)).tolist() == [0, 0, 1, 2]


def test_units_move_whole() -> None:
    side = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2, 2])
    unit = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    strata = np.array([0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
    assert cover(side, unit=unit, strata=strata).tolist() == [0, 0, 0, 0, 1, 1, 0, 0, 2, 2]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 5))
@settings(max_examples=100, deadline=None)
def test_every_class_is_learned_when_rows_are_ten_and_classes_few(counts: list[int], seed: int) -> None:
    strata = np.repeat(np.arange(len(counts) + 1), [10, *counts])
    unit = np.arange(len(strata))
    side = cover(allot(np.array([0.65, 0.15, 0.2]), unit=unit, strata=strata, seed=seed), unit=unit, strata=strata)
    assert set(strata) == set(strata[side == 0])
    assert set(side) == {0, 1, 2}
