"""Units of the bootstrap: whole groups, chains of groups, and rows that belong to nothing."""

from __future__ import annotations

import injerto
from injerto.bootstrap_units import group_units, those_in
from injerto.table.grouping import Grouping
from injerto.table.table import Table

TABLE = injerto.Table.of({"nest": ["b", "a", None, "b", None], "site": [1, 1, 2, 3, 4]})


def test_columns_that_the_table_has_are_named_once() -> None:
    assert those_in(TABLE, Grouping("nest"), None, Grouping("nest"), Grouping("ring"), Grouping("site")) == [
        Grouping("nest"),
        Grouping("site"),
    ]


def test_without_columns_rows_are_drawn() -> None:
    assert group_units(TABLE, []) is None


def test_rows_without_a_group_are_units_by_themselves() -> None:
    units = group_units(TABLE, [Grouping("nest")])
    assert units is not None
    assert units[0] == units[3]
    assert len(set(units.tolist())) == 4


def test_rows_that_share_any_group_are_one_unit() -> None:
    """Rows 0 and 3 share a nest, 0 and 1 a site: all three stand or fall together."""
    units = group_units(TABLE, [Grouping("nest"), Grouping("site")])
    assert units is not None
    assert units[0] == units[1] == units[3]
    assert len(set(units.tolist())) == 3


def test_parts_of_a_column_are_groups_too() -> None:
    table = Table.of({"clip": ["101-3-0.wav", "101-3-1.wav", "77-3-0.wav"]})
    units = group_units(table, [Grouping("clip", part=r"^(\d+)-")])
    assert units is not None
    assert units[0] == units[1] != units[2]
