"""Whether cells hold several labels each, and what stands between them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from injerto.schema.facts import Facts, known
from injerto.table.column import Column

SEPARATORS = (";", "|")
"""A comma is none: it stands in names and in prose."""
_SHARE_WITH_SEVERAL = 0.1


@dataclass(frozen=True)
class Bag:
    """Cells such as `fox; owl`: the separator and how many different labels there are."""

    separator: str
    labels: int


def bag_in(column: Column, facts: Facts) -> Bag | None:
    """The bag that a column is, if a tenth of its cells hold several labels and splitting leaves fewer different ones."""
    if facts.family != "text":
        return None
    cells = known(column.values).drop_nulls().cast(pl.String)
    for separator in SEPARATORS:
        if (cells.str.contains(separator, literal=True).mean() or 0.0) < _SHARE_WITH_SEVERAL:  # type: ignore[operator]
            continue
        labels = cells.str.split(separator).explode().str.strip_chars().n_unique()
        if labels < facts.distinct:
            return Bag(separator, labels)
    return None
