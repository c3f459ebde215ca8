"""Dataframes of any library to a polars frame with the few types that later stations know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from injerto.errors import TableError
from injerto.table.delimited import refuse_duplicates

_NAMELESS_INDEX = re.compile(r"__index_level_\d+__")


@runtime_checkable
class ArrowStream(Protocol):
    """What pandas, pyarrow, duckdb and others hand a table over with, without a copy."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule with a stream of record batches."""


def frame_of(data: object) -> pl.DataFrame:
    """A polars frame of `data`. *Raises* TableError when `data` is no table or its cells are mixed."""
    if isinstance(data, pl.DataFrame):
        return data
    if isinstance(data, pl.LazyFrame):
        return data.collect()
    try:
        if is_pandas(data):
            return _of_pandas(data)
        if isinstance(data, ArrowStream):
            return pl.DataFrame(data)
        if isinstance(data, Mapping):
            return _of_mapping(data)
        if isinstance(data, np.ndarray) and data.ndim == 2:
            return pl.DataFrame({f"x{place}": data[:, place] for place in range(data.shape[1])})
    except TableError:
        raise
    except (PolarsError, TypeError, ValueError, ImportError) as slip:
        raise TableError(f"The {type(data).__name__} cannot be taken as a table: {slip}") from slip
    raise TableError(
        f"A {type(data).__name__} is no table. Give a path, a dataframe (polars, pandas, pyarrow, duckdb), "
        "a dict of lists, or a 2-D array."
    )


def is_pandas(data: object) -> bool:
    """Told by name, as pandas need not be installed."""
    return type(data).__name__ == "DataFrame" and type(data).__module__.split(".")[0] == "pandas"


def _of_pandas(data: Any) -> pl.DataFrame:
    """A pandas frame. An index with a name is a column; one without says which rows were kept, no more."""
    index = [name for name in data.index.names if name is not None]
    names = [str(name) for name in (*index, *data.columns)]
    refuse_duplicates(names, "given from pandas (its named index counts as a column)" if index else "given from pandas")
    if index:
        data = data.reset_index(index)
    try:
        return pl.from_pandas(data, include_index=False)
    except (PolarsError, TypeError, ValueError) as slip:
        odd = next((name for name in data.columns if not _converts(data, name)), None)
        if odd is None:
            raise
        raise TableError(
            f"Column '{odd}' of the pandas table mixes kinds of cells: {slip}. Make them all of one kind, for example with "
            f"table['{odd}'].astype(str)."
        ) from slip


def _converts(data: Any, name: object) -> bool:
    try:
        pl.from_pandas(data[[name]], include_index=False)
    except (PolarsError, TypeError, ValueError):
        return False
    return True


def _of_mapping(data: Mapping[Any, Any]) -> pl.DataFrame:
    names = [str(name) for name in data]
    refuse_duplicates(names, "given as a dict")
    return pl.DataFrame({name: pl.Series(name, cells, strict=False) for name, cells in zip(names, data.values(), strict=True)})


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Few types: text, Int64 and other numbers, booleans, dates, times without a zone, bytes, structs; missing is null.

    Categoricals become text, NaN becomes null, decimals and durations (in seconds) become floats; a time with a zone keeps
    its clock and loses the zone. A column that pandas wrote for a nameless index goes: it says which rows were kept, no more.
    """
    return pl.DataFrame([_plain(column) for column in frame if not _NAMELESS_INDEX.fullmatch(column.name)])


def _plain(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if isinstance(dtype, pl.Categorical | pl.Enum | pl.Null | pl.Time):
        return column.cast(pl.String)
    if isinstance(dtype, pl.Decimal | pl.Float32 | pl.Float64):
        return column.cast(pl.Float64).fill_nan(None)
    if isinstance(dtype, pl.Datetime):
        return column.dt.replace_time_zone(None).dt.cast_time_unit("us")
    if isinstance(dtype, pl.Duration):
        return column.dt.total_microseconds() / 1e6
    if isinstance(dtype, pl.Object):
        raise TableError(
            f"Column '{column.name}' holds Python objects of mixed kinds. Make it numbers, text, dates, bytes or paths."
        )
    return column
