"""Units of the bootstrap: whole groups, chains of groups, and rows that belong to nothing."""

from __future__ import annotations

import injerto
from injerto.bootstrap_units import group_units, grouping

TABLE = injerto.Table.of({"nest": ["b", "a", None, "b", None], "site": [1, 1, 2, 3, 4]})


def test_columns_that_the_table_has_are_named_once() -> None:
    assert grouping(TABLE, "nest", None, "nest", "ring", "site") == ["nest", "site"]


def test_without_columns_rows_are_drawn() -> None:
    assert group_units(TABLE, []) is None


def test_rows_without_a_group_are_units_by_themselves() -> None:
    units = group_units(TABLE, ["nest"])
    assert units is not None
    assert units[0] == units[3]
    assert len(set(units.tolist())) == 4


def test_rows_that_share_any_group_are_one_unit() -> None:
    """Rows 0 and 3 share a nest, 0 and 1 a site: all three stand or fall together."""
    units = group_units(TABLE, ["nest", "site"])
    assert units is not None
    assert units[0] == units[1] == units[3]
    assert len(set(units.tolist())) == 3
