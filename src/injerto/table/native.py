"""Frames back in the library they came from, so that a notebook goes on in its own words."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from injerto.table.frames import ArrowStream, is_pandas


def native(frame: pl.DataFrame, given: object) -> Any:
    """`frame` as pandas or pyarrow where `given` was so, else as it is. A pandas frame keeps the index of one as long as it.

    Neither library is imported here: whoever gave such a table has it.
    """
    if is_pandas(given):
        table: Any = given
        index = table.index if len(table.index) == len(frame) else None
        return type(table)({column.name: _cells(column) for column in frame}, index=index)
    if isinstance(given, ArrowStream) and type(given).__module__.split(".")[0] == "pyarrow" and type(given).__name__ == "Table":
        return frame.to_arrow()
    return frame


def _cells(column: pl.Series) -> Any:
    """As pandas has them: numbers with NaN where empty, all else with None."""
    if column.dtype.is_numeric() and not (column.dtype.is_integer() and column.null_count()):
        return column.cast(pl.Float64).fill_null(np.nan).to_numpy() if column.dtype.is_float() else column.to_numpy()
    if column.dtype.is_integer():
        return column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    if column.dtype.is_temporal():
        return column.to_numpy()
    return np.array(column.to_list(), dtype=object) if column.null_count() or column.dtype != pl.Boolean else column.to_numpy()
