"""A column of an array, also of Python objects, to a column of one type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

_INT64 = np.iinfo(np.int64)


def series_of(name: str, cells: np.ndarray) -> pl.Series:
    """Cells (N,) of an array. Objects get the narrowest type that holds them all; what fits none is written as text."""
    if cells.dtype.kind == "f":
        return pl.Series(name, cells.astype(np.float64))
    if cells.dtype.kind != "O":
        return pl.Series(name, np.array(cells))
    found = [None if _is_missing(cell) else cell for cell in cells]
    known = [cell for cell in found if cell is not None]
    for fits, dtype, convert in _TYPES:
        if all(fits(cell) for cell in known):
            return pl.Series(name, [None if cell is None else convert(cell) for cell in found], dtype=dtype)
    return pl.Series(name, [None if cell is None else str(cell) for cell in found], dtype=pl.String)


def _is_missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, Real) and bool(np.isnan(float(cell))))


def _is_truth(cell: object) -> bool:
    return isinstance(cell, bool | np.bool_)


def _is_whole(cell: object) -> bool:
    return isinstance(cell, Integral) and _INT64.min <= int(cell) <= _INT64.max


def _is_number(cell: object) -> bool:
    return isinstance(cell, Real)


def _is_text(cell: object) -> bool:
    return isinstance(cell, str | Path)


def _is_date(cell: object) -> bool:
    return isinstance(cell, date)


def _as_is(cell: Any) -> Any:
    return cell


_TYPES: Sequence[tuple[Callable[[object], bool], Any, Callable[[Any], Any]]] = (
    (_is_truth, pl.Boolean, bool),
    (_is_whole, pl.Int64, int),
    (_is_number, pl.Float64, float),
    (_is_text, pl.String, str),
    (lambda cell: isinstance(cell, bytes), pl.Binary, _as_is),
    (lambda cell: isinstance(cell, dict), None, _as_is),
    (_is_date, None, _as_is),
)
"""Does it fit, the type of the column, the cell as that type; the narrowest first."""
