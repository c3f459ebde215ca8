"""Which rows of a table a model has met before, known by what they say and not by their file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from injerto.features.row_content import Sort, row_contents
from injerto.schema.schema import Schema
from injerto.table.split import Rows
from injerto.table.table import Table

TELLING = 0.9
"""Share of the training table's rows that must be unlike all others before one row is known by what it says. Five answers of a
questionnaire say the same in many rows, and other people's next year; such a table is known as a whole, or by its test part."""
MUCH_OF_TABLE, MUCH_OF_TEST = 0.1, 0.5
"""Fewer may be alike by chance: rows count as met again from this share of the table, or of the model's test rows, on."""


@dataclass(frozen=True)
class Known:
    """Rows of a table that the model has met: that test it, and that taught it or chose its settings."""

    test: int
    taught: int
    test_rows: int
    """Rows that test the model, in all."""


def contents_of(schema: Schema, table: Table) -> np.ndarray:
    """What each row (N,) uint64 says in the columns that a model of `schema` reads. Labels do not count: they get corrected.

    *Raises* ColumnError when one is missing.
    """
    columns: dict[str, Sort] = {}
    for name, item in schema.inputs.items():
        columns[name] = "number" if item.kind == "number" else "file" if item.kind in ("image", "sound") else "text"
        columns |= dict.fromkeys(item.times, "number")
    if schema.points is not None:
        columns |= dict.fromkeys(schema.points[1].box, "number")
    return row_contents(table, columns)


def recognised(contents: np.ndarray | None, rows: Rows, found: np.ndarray) -> Known:
    """Which of the rows that say `found` (M,) stand in the training table, whose rows say `contents` (N,)."""
    if contents is None or not len(found):
        return Known(0, 0, len(rows.test))
    taught = np.concatenate([rows.train, rows.tune])
    different, counts = np.unique(contents, return_counts=True)
    single = different[counts == 1]
    if len(single) < TELLING * len(contents):
        return _as_a_whole(contents, rows, taught, found)
    single = np.intersect1d(single, found)
    return Known(_many(contents[rows.test], single, found), _many(contents[taught], single, found), len(rows.test))


def _many(own: np.ndarray, single: np.ndarray, found: np.ndarray) -> int:
    """How many rows of the `found` are among one's `own`; 0 where so few are that it may be chance."""
    again = int(np.isin(found, np.intersect1d(own, single)).sum())
    return again if again and (again >= MUCH_OF_TABLE * len(found) or again >= MUCH_OF_TEST * len(own)) else 0


def _as_a_whole(contents: np.ndarray, rows: Rows, taught: np.ndarray, found: np.ndarray) -> Known:
    """The whole table or its test part again, in any order; nothing else is recognised."""
    ordered = np.sort(found)
    whole = np.array_equal(ordered, np.sort(contents))
    tests = len(rows.test) and np.array_equal(ordered, np.sort(contents[rows.test]))
    return Known(len(rows.test) if whole or tests else 0, len(taught) if whole else 0, len(rows.test))
