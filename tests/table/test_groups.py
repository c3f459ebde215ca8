"""Components, units and groups that straddle sides."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from injerto.table.components import components
from injerto.table.groups import codes_of, straddling, units


def test_a_long_chain_is_one_component() -> None:
    order = np.random.default_rng(0).permutation(5000)
    assert (components(5000, order[:-1], order[1:]) == 0).all()


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=15))
@settings(max_examples=80, deadline=None)
def test_components_are_what_a_slow_walk_finds(pairs: list[tuple[int, int]]) -> None:
    expected = list(range(12))
    for _ in range(12):
        for one, other in pairs:
            expected[one] = expected[other] = min(expected[one], expected[other])
    array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    assert components(12, array[:, 0], array[:, 1]).tolist() == expected


def test_missing_groups_stand_alone() -> None:
    codes = codes_of(pl.Series(["b", None, "a", "b", None]))
    assert codes.tolist() == [2, -1, 1, 2, -1]
    assert len(set(units(5, codes).tolist())) == 4


def test_units_join_over_both_memberships() -> None:
    group = np.array([1, 1, 2, 3, -1])
    alike = np.array([-1, 5, 5, -1, -1])
    assert units(5, group, alike).tolist() == [0, 0, 0, 1, 2]
    assert units(5, None, None).tolist() == [0, 1, 2, 3, 4]


def test_unit_numbers_do_not_depend_on_the_order_of_rows() -> None:
    random = np.random.default_rng(0)
    group = random.integers(0, 40, 200)
    order = random.permutation(200)
    assert (units(200, group)[order] == units(200, group[order])).all()


def test_straddling_groups() -> None:
    assert straddling(np.array([0, 1, 2, 2, 0]), np.array([4, 4, 5, 5, -1])).tolist() == [4]
