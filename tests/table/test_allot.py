"""Sides in the shares asked for, strata even, units whole."""

import numpy as np
import pytest

from injerto.table.allot import allot

SHARES = np.array([0.65, 0.15, 0.2])


def test_rows_are_spread_in_exact_numbers() -> None:
    strata = np.repeat([0, 1, 2], [600, 300, 100])
    side = allot(SHARES, unit=np.arange(1000), strata=strata, seed=0)
    assert np.bincount(side).tolist() == [650, 150, 200]
    for stratum, rows in enumerate([600, 300, 100]):
        found = np.bincount(side[strata == stratum], minlength=3)
        assert np.abs(found - SHARES * rows).max() <= 2


def test_a_thousand_small_strata_are_spread_too() -> None:
    strata = np.repeat(np.arange(1000), 5)
    side = allot(SHARES, unit=np.arange(5000), strata=strata, seed=1)
    held = np.zeros((1000, 3))
    np.add.at(held, (strata, side), 1)
    assert held[:, 2].max() <= 2  # a share of 0.2 is one row in five
    assert (held[:, 0] >= 2).all()


@pytest.mark.parametrize("seed", range(5))
def test_groups_stay_whole_and_strata_near_their_shares(seed: int) -> None:
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 30, 120)
    unit = np.repeat(np.arange(120), sizes)
    strata = np.where(random.random(len(unit)) < 0.8, unit % 4, random.integers(0, 4, len(unit)))
    side = allot(SHARES, unit=unit, strata=strata, seed=seed)
    assert all(len(np.unique(side[unit == one])) == 1 for one in range(120))
    for stratum in range(4):
        found = np.bincount(side[strata == stratum], minlength=3) / (strata == stratum).sum()
        assert np.abs(found - SHARES).max() < 0.05


def test_many_groups_take_the_fast_way_and_stay_whole() -> None:
    unit = np.repeat(np.arange(30_000), 2)
    strata = unit % 300
    side = allot(SHARES, unit=unit, strata=strata, seed=0)
    assert (side[::2] == side[1::2]).all()
    assert np.abs(np.bincount(side) / 60_000 - SHARES).max() < 0.001


def test_strata_of_one_group_do_not_pull_it_to_the_largest_side() -> None:
    unit = np.repeat(np.arange(60), 10)
    side = allot(SHARES, unit=unit, strata=unit, seed=0)
    assert np.abs(np.bincount(side) / 600 - SHARES).max() < 0.03


def test_a_side_without_a_share_stays_empty_and_every_other_gets_a_unit() -> None:
    assert set(allot(np.array([0.8, 0.2, 0.0]), unit=np.arange(10), strata=None, seed=0)) == {0, 1}
    assert set(allot(np.array([0.98, 0.01, 0.01]), unit=np.arange(3), strata=None, seed=0)) == {0, 1, 2}
    giant = np.repeat([0, 1, 2], [1000, 1, 1])
    assert set(allot(SHARES, unit=giant, strata=None, seed=0)) == {0, 1, 2}


def test_seeds() -> None:
    once, again, other = (allot(SHARES, unit=np.arange(500), strata=None, seed=seed) for seed in (3, 3, 4))
    assert (once == again).all()
    assert (once != other).any()
