"""A tie: something found in the table that may keep rows together, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from injerto.table.group_names import group_names
from injerto.table.grouping import Grouping
from injerto.table.table import Table


@dataclass(frozen=True)
class Tie:
    """`sure` ties divide the rows unless the user refuses; others are proposed."""

    grouping: Grouping
    sure: bool
    reason: str
    """One sentence with numbers and an example."""
    heavy: bool = True
    """False where it depends on what the model is for: a speaker or a place may be one that it is to know."""


def column_like(table: Table, grouping: Grouping, taken: Collection[str]) -> str | None:
    """A column that puts the same rows together as the names do: to say it is plainer."""
    groups = group_names(grouping, table)
    count = groups.n_unique()
    for name in table.columns:
        values = table.frame[name]
        if name in taken or not (values.dtype == pl.String or values.dtype.is_integer()) or values.n_unique() != count:
            continue
        if pl.DataFrame({"one": groups, "other": values}).n_unique() == count:
            return name
    return None
