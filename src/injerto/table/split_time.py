"""The latest rows are kept for the test and those before them for tuning, as a model meets the future."""

from __future__ import annotations

import numpy as np
import polars as pl

from injerto.errors import TableError
from injerto.table.column import Column

LEFT_OUT = -1
"""The side of a row that stands on none."""


def latest(column: Column, *, unit: np.ndarray, test_share: float, tune_share: float) -> np.ndarray:
    """The side (N,) of every row: 2 for the latest, 1 for those before them, 0 for the rest, -1 for rows that are left out.

    Equal times stand on one side, and no `unit` stands on two. Every row from the first boundary on tests; of a unit that
    has rows on both sides of it, those before it are left out. So all that tests is later than all that trains or tunes, and of
    units that were not met before; no late row is lost. Among the rows before, a unit counts whole by its latest row. Rows
    without a time train, unless their unit has later ones: nobody can call them late.

    *Raises* TableError when the column has no order in time, too few different times, or nothing is left to train with.
    """
    moment = moments(column)
    known, counts = np.unique(moment[np.isfinite(moment)], return_counts=True)
    sides = 2 if test_share == 0 else 3
    if len(known) < sides:
        raise TableError(
            f"The time column '{column.name}' has {len(known)} different times; at least {sides} are needed, to keep the "
            "latest apart."
        )
    boundary = np.inf if test_share == 0 else known[_cut(counts, len(moment) * test_share, 2, len(known) - 1)]
    last = _last_of_unit(moment, unit)
    before = last < boundary
    ends, counts = np.unique(last[before & np.isfinite(last)], return_counts=True)
    if len(ends) + bool(np.isneginf(last).any()) < 2:
        raise TableError(_none_left(column.name, len(np.unique(unit[~before]))))
    wanted = before.sum() * tune_share / (1 - test_share)
    tunes_from = ends[_cut(counts, wanted, min(1, len(ends) - 1), len(ends) - 1)]
    side = np.where(before, np.where(last >= tunes_from, 1, 0), LEFT_OUT)
    side[moment >= boundary] = 2
    return side


def moments(column: Column) -> np.ndarray:
    """Times (N,) float64 in an order of their own; -inf where there is none. *Raises* TableError for what has no such order."""
    if not (column.values.dtype.is_temporal() or column.values.dtype.is_numeric()):
        example = next(iter(column.values.drop_nulls()), None)
        raise TableError(
            f"The time column '{column.name}' holds {column.values.dtype} such as {example!r}, which has no order in time. "
            "Write dates as 2024-12-31, or give a column of numbers."
        )
    return column.values.to_physical().cast(pl.Float64).fill_null(-np.inf).fill_nan(-np.inf).to_numpy()


def _last_of_unit(moment: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """When the unit of each row (N,) was seen last."""
    last = np.full(int(unit.max()) + 1, -np.inf)
    np.maximum.at(last, unit, moment)
    return np.asarray(last[unit])


def _cut(counts: np.ndarray, wanted: float, first: int, last: int) -> int:
    """The time, from `first` to `last`, at and after which the number of rows is nearest to `wanted`."""
    later = np.cumsum(counts[::-1])[::-1]
    return first + int(np.argmin(np.abs(later[first : last + 1] - wanted)))


def _none_left(name: str, again: int) -> str:
    return (
        f"By '{name}' the rows cannot be divided: {again:,} groups are seen among the latest rows, their earlier rows must not "
        "teach what those test, and too few other rows are left. Keep only the time, if the model may know whom it will meet, "
        "or only the group."
    )
