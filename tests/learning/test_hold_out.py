"""Individuals held out whole: who goes where, who stays, and what is said of it."""

import numpy as np
import pytest

from injerto.learning.hold_out import hold_out, whole_in_one_fold
from injerto.table.split import Rows

EACH = 6


def made(individuals: int, each: int = EACH) -> tuple[Rows, np.ndarray, np.ndarray]:
    """Of every individual's six rows four train, one tunes and one tests; two rows are of one unit."""
    individual = np.repeat(np.arange(individuals), each)
    number = np.tile(np.arange(each), individuals)
    sides = [np.flatnonzero(mask) for mask in (number < each - 2, number == each - 2, number == each - 1)]
    return Rows(*sides, reason="As drawn."), individual, np.arange(len(individual)) // 2


def whose(individual: np.ndarray, rows: np.ndarray) -> set[int]:
    return set(individual[rows].tolist())


def test_newcomers_are_held_out_whole() -> None:
    rows, individual, unit = made(100)
    found = hold_out(rows, individual, unit, seed=0, test=True)
    assert sorted(np.concatenate([found.train, found.tune, found.test]).tolist()) == list(range(600))
    trained, tuned, tested = (whose(individual, part) for part in (found.train, found.tune, found.test))
    new_to_test = set(range(100)) - trained - tuned
    new_to_tune = set(range(100)) - trained - new_to_test
    assert len(new_to_test) == len(new_to_tune) == 6
    assert new_to_test <= tested
    for side in (found.train, found.tune, found.test):
        assert (np.diff(side) > 0).all()
    for individual_code in new_to_test:
        assert np.isin(np.flatnonzero(individual == individual_code), found.test).all()


def test_what_is_said_has_the_right_numbers() -> None:
    rows, individual, unit = made(100)
    found = hold_out(rows, individual, unit, seed=0, test=True)
    assert found.reason == (
        "As drawn. As newcomers, whole individuals were then taken out of train, 6 to tune and 6 to test: "
        f"{len(found.train)} rows train, {len(found.tune)} tune and {len(found.test)} test."
    )
    alone = hold_out(rows, individual, unit, seed=0, test=False)
    assert "taken out of train, 6 to tune: " in alone.reason


def test_without_a_test_only_tune_gets_newcomers() -> None:
    rows, individual, unit = made(100)
    found = hold_out(rows, individual, unit, seed=0, test=False)
    assert np.array_equal(found.test, rows.test)
    assert len(whose(individual, found.train)) == 94


@pytest.mark.parametrize(("individuals", "leave"), [(5, 0), (6, 1), (12, 2), (60, 6), (300, 18)])
def test_no_more_than_a_sixth_and_at_least_six_leave(individuals: int, leave: int) -> None:
    rows, individual, unit = made(individuals)
    found = hold_out(rows, individual, unit, seed=0, test=False)
    assert individuals - len(whose(individual, found.train)) == leave
    if not leave:
        assert found is rows


def test_half_of_them_are_those_that_could_not_be_found_again() -> None:
    rows, individual, unit = made(60)
    seen_once = np.arange(20)
    unit = np.where(np.isin(individual, seen_once), 1000 + individual, unit)
    found = hold_out(rows, individual, unit, seed=0, test=False)
    gone = set(range(60)) - whose(individual, found.train)
    assert len(gone) == 6
    assert len(gone & set(seen_once.tolist())) == 3


def test_rows_without_a_name_stay_and_the_seed_decides() -> None:
    rows, individual, unit = made(60)
    individual[individual == 7] = -1
    first, again, other = (hold_out(rows, individual, unit, seed=seed, test=True) for seed in (0, 0, 1))
    assert np.isin(np.flatnonzero(individual == -1)[:4], first.train).all()
    assert np.array_equal(first.train, again.train)
    assert not np.array_equal(first.train, other.train)


def test_who_shares_a_sighting_with_others_goes_last() -> None:
    """Of 40 animals 20 stand on photos of one sighting with another; eleven leave, which the other 20 are enough for."""
    _, individual, unit = made(40)
    rows = Rows(np.arange(240), np.arange(0), np.arange(0), "As drawn.")
    unit = np.where(individual < 20, individual % 10, 100 + unit)
    found = hold_out(rows, individual, unit, seed=0, test=True)
    assert len(found.tune) == 5 * EACH
    assert len(found.test) == 6 * EACH
    side = np.zeros(240, dtype=int)
    side[found.tune], side[found.test] = 1, 2
    assert all(len(np.unique(side[unit == one])) == 1 for one in np.unique(unit))
    everybody = hold_out(rows, individual, individual // 2, seed=0, test=True)
    assert len(everybody.train) == 29 * EACH


def test_for_folds_some_individuals_are_one_unit_each_and_all_other_units_stay() -> None:
    _, individual, unit = made(100)
    found = whole_in_one_fold(individual, unit, 5, seed=0)
    whole = [code for code in range(100) if len(set(found[individual == code].tolist())) == 1]
    assert len(whole) == 30  # six for each of five folds
    others = ~np.isin(individual, whole)
    assert len(set(found[others].tolist())) == 70 * 3
    few = whole_in_one_fold(*made(9)[1:], 5, seed=0)
    assert len(set(few.tolist())) == 3 + 6 * 3  # five times one would be more than a third


def test_rows_without_a_name_join_nobody() -> None:
    _, individual, unit = made(12)
    individual[::7] = -1
    found = whole_in_one_fold(individual, np.arange(len(unit)), 3, seed=0)
    assert len(set(found[individual == -1].tolist())) == (individual == -1).sum()
