"""What a bootstrap draws from a table: whole groups of rows that stand or fall together, or rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from injerto.table.groups import codes_of, units
from injerto.table.table import Table


def grouping(table: Table, *columns: str | None) -> list[str]:
    """Those of `columns`, each once, that are named and that the table has."""
    return [name for name in dict.fromkeys(columns) if name is not None and name in table.columns]


def group_units(table: Table, columns: Iterable[str]) -> np.ndarray | None:
    """The unit (N,) of every row: rows that share a value of any of `columns` are in one; None without columns.

    A row whose group nobody noted belongs to nothing and is a unit by itself.
    """
    codes = [codes_of(table.column(name).values) for name in columns]
    return units(len(table), *codes) if codes else None
