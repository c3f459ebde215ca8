"""A user's own column that says train, tune, test or unused for every row."""

from __future__ import annotations

import numpy as np
import polars as pl

from injerto.errors import TableError
from injerto.table.column import Column

WORDS = {
    "train": 0,
    "training": 0,
    "tune": 1,
    "val": 1,
    "valid": 1,
    "validation": 1,
    "dev": 1,
    "test": 2,
    "testing": 2,
    "unused": -1,
    "ignore": -1,
    "exclude": -1,
}
"""Words for the three sides, and for rows on none of them, in any case."""


def sides_of(column: Column) -> np.ndarray:
    """The side (N,) of every row: 0 train, 1 tune, 2 test, -1 unused. *Raises* TableError naming every other word."""
    words = column.values.cast(pl.String).str.strip_chars().str.to_lowercase()
    sides = words.replace_strict(WORDS, default=None, return_dtype=pl.Int64)
    wrong = sides.is_null()
    if wrong.any():
        found = column.values.filter(wrong).cast(pl.String).fill_null("(empty)").unique().sort().to_list()
        first = column.row(int(wrong.arg_max() or 0))
        raise TableError(
            f"The split column '{column.name}' must say train, tune, test (also val, validation, dev) or unused in every row; "
            f"{int(wrong.sum())} rows say something else: {', '.join(map(repr, found[:5]))}; the first is row {first}."
        )
    if not (sides == 0).any():
        raise TableError(f"The split column '{column.name}' says train in no row, so nothing could be learned.")
    return sides.to_numpy(writable=True)
