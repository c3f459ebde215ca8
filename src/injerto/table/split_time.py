"""The latest rows are kept for the test and those before them for tuning, as a model meets the future."""

from __future__ import annotations

import numpy as np
import polars as pl

from injerto.errors import TableError
from injerto.table.column import Column


def latest(column: Column, *, unit: np.ndarray, test_share: float, tune_share: float) -> np.ndarray:
    """The side (N,) of every row: 2 for the latest, 1 for those before them, 0 for the rest.

    A unit counts by its latest row. Equal times stand on one side. Rows without a time train: nobody can call them late.
    *Raises* TableError when the column has no order in time or too few different times.
    """
    if not (column.values.dtype.is_temporal() or column.values.dtype.is_numeric()):
        example = next(iter(column.values.drop_nulls()), None)
        raise TableError(
            f"The time column '{column.name}' holds {column.values.dtype} such as {example!r}, which has no order in time. "
            "Write dates as 2024-12-31, or give a column of numbers."
        )
    times = column.values.to_physical().cast(pl.Float64).fill_null(-np.inf).fill_nan(-np.inf).to_numpy()
    of_unit = np.full(int(unit.max()) + 1, -np.inf)
    np.maximum.at(of_unit, unit, times)
    moment = of_unit[unit]
    known, counts = np.unique(moment[np.isfinite(moment)], return_counts=True)
    sides = 2 if test_share == 0 else 3
    if len(known) < sides:
        raise TableError(
            f"The time column '{column.name}' has {len(known)} different times (rows of one group count by their latest); "
            f"at least {sides} are needed, to keep the latest apart."
        )
    later = np.cumsum(counts[::-1])[::-1]  # rows at this time or after
    test_from = len(known) if test_share == 0 else _cut(later, len(moment) * test_share, 2, len(known) - 1)
    tested = int(later[test_from]) if test_from < len(known) else 0
    tune_from = _cut(later, tested + len(moment) * tune_share, 1, test_from - 1)
    side = np.zeros(len(moment), dtype=np.int64)
    side[moment >= known[tune_from]] = 1
    if test_from < len(known):
        side[moment >= known[test_from]] = 2
    return side


def _cut(later: np.ndarray, wanted: float, first: int, last: int) -> int:
    """The time, from `first` to `last`, at and after which the number of rows is nearest to `wanted`."""
    return first + int(np.argmin(np.abs(later[first : last + 1] - wanted)))
