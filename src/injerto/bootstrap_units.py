"""What a bootstrap draws from a table: whole groups of rows that stand or fall together, or rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from injerto.table.group_names import group_names
from injerto.table.grouping import Grouping
from injerto.table.groups import codes_of, units
from injerto.table.table import Table


def those_in(table: Table, *groupings: Grouping | None) -> list[Grouping]:
    """Those of `groupings`, each once, whose column the table has."""
    return [one for one in dict.fromkeys(groupings) if one is not None and one.column in table.columns]


def group_units(table: Table, groupings: Iterable[Grouping]) -> np.ndarray | None:
    """The unit (N,) of every row: rows that are in one group by any of `groupings` are in one; None without any.

    A row whose group nobody noted belongs to nothing and is a unit by itself.
    """
    codes = [codes_of(group_names(one, table)) for one in groupings]
    return units(len(table), *codes) if codes else None
