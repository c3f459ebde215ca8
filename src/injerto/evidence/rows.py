"""One row of a table as a person recognises it: its number, its values, small pictures of its photos."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

from injerto.evidence.pictures import PICTURES, SIDE
from injerto.schema.schema import Input
from injerto.table.cell_bytes import media_name
from injerto.table.table import Table

SHOWN_VALUES = 8
LONGEST_VALUE = 60


def described(table: Table, inputs: Mapping[str, Input], index: int, *, side: int = SIDE) -> dict[str, Any]:
    """Row `index` of `table`: its number in the table as given, and what its inputs hold; pictures are `side` pixels long."""
    row = table.take(np.array([index]))
    pictures, values = [], []
    for name, item in inputs.items():
        column = row.column(name)
        cell = column.cell(0)
        if item.kind in PICTURES and cell is not None:
            picture = PICTURES[item.kind](cell, column.folder, side)
            if picture:
                pictures.append(picture)
            values.append([name, "/".join(PurePath(media_name(cell)).parts[-2:])[-LONGEST_VALUE:]])
        elif len(values) < SHOWN_VALUES:
            values.append([name, _shown(cell)])
            values += [[time, _shown(row.column(time).cell(0))] for time in item.times]  # a clip is known by them
    return {"row": int(row.rows[0]), "pictures": pictures, "values": values}


def _shown(cell: object) -> str:
    return "(empty)" if cell is None else str(cell)[:LONGEST_VALUE]
