"""One row of a table as a person recognises it: its number, its values, small pictures of its photos and sounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

from injerto.evidence.pictures import SIDE, photo
from injerto.evidence.sounds import sound_shown
from injerto.schema.schema import Input
from injerto.table.cell_bytes import media_name
from injerto.table.clips import clip_column
from injerto.table.table import Table

SHOWN_VALUES = 8
LONGEST_VALUE = 60


def described(table: Table, inputs: Mapping[str, Input], index: int, *, side: int = SIDE, heard: bool = True) -> dict[str, Any]:
    """Row `index` of `table`: its number in the table as given, and what its inputs hold.

    Pictures of photos are `side` pixels long; sounds are spectrograms that can be `heard`, or not, to save room.
    """
    row = table.take(np.array([index]))
    pictures, sounds, values = [], [], []
    for name, item in inputs.items():
        column = row.column(name)
        cell = column.cell(0)
        if item.kind in ("image", "sound") and cell is not None:
            if item.kind == "image":
                pictures.append(photo(cell, column.folder, side))
            else:
                clip = clip_column(row, name, start=item.start, end=item.end).cell(0)
                sounds.append(sound_shown(clip, column.folder, heard=heard))
            values.append([name, "/".join(PurePath(media_name(cell)).parts[-2:])[-LONGEST_VALUE:]])
            values += [[time, _shown(row.column(time).cell(0))] for time in item.times]  # a clip is known by them
        elif len(values) < SHOWN_VALUES:
            values.append([name, _shown(cell)])
    shown = {"row": int(row.rows[0]), "pictures": [picture for picture in pictures if picture], "values": values}
    return shown | ({"sounds": found} if (found := [sound for sound in sounds if sound]) else {})


def _shown(cell: object) -> str:
    if isinstance(cell, float) and math.isfinite(cell):
        return f"{cell:.6g}" if abs(cell) < 1e6 else f"{cell:.10g}"  # no person tells rows apart by a twelfth digit
    return "(empty)" if cell is None else str(cell)[:LONGEST_VALUE]
