"""What a bootstrap draws from a table: whole groups of rows that stand or fall together, or rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from injerto.schema.schema import Schema
from injerto.table.group_names import group_names
from injerto.table.grouping import Grouping
from injerto.table.groups import codes_of, units
from injerto.table.table import Table


def groupings_of(schema: Schema) -> list[Grouping]:
    """What belongs together in tables of a model of `schema`: the groups of its split, and sightings of individuals."""
    sighting = None if schema.individual is None else schema.individual[1].sighting
    found = [schema.split.grouping, None if sighting is None else Grouping(sighting)]
    return [one for one in dict.fromkeys(found) if one is not None]


def those_in(table: Table, *groupings: Grouping | None) -> list[Grouping]:
    """Those of `groupings`, each once, whose column the table has."""
    return [one for one in dict.fromkeys(groupings) if one is not None and one.column in table.columns]


def group_units(table: Table, groupings: Iterable[Grouping]) -> np.ndarray | None:
    """The unit (N,) of every row: rows that are in one group by any of `groupings` are in one; None without any.

    A row whose group nobody noted belongs to nothing and is a unit by itself.
    """
    codes = [codes_of(group_names(one, table)) for one in groupings]
    return units(len(table), *codes) if codes else None
