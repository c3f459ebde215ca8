"""A column of files with the columns of their times beside it, as one column whose cells are clips."""

from __future__ import annotations

import numpy as np
import polars as pl

from injerto.errors import TableError
from injerto.table.column import Column
from injerto.table.span import END, START
from injerto.table.table import Table
from injerto.table.text_numbers import numbers_with_commas


def clip_column(table: Table, name: str, *, start: str | None, end: str | None) -> Column:
    """The column `name` of files; with times, cells `{path or bytes, start_s, end_s}`, null where no file is named.

    `start` and `end` name the columns that hold the seconds; an empty time is the beginning or the end of the file. A time
    that cannot be read is NaN, which whoever reads the clip refuses with its row.

    *Raises* ColumnError when one of the columns is not in the table, TableError when the times are no numbers and no text.
    """
    files = table.column(name)
    if start is None and end is None:
        return files
    times = {field: seconds_of(table.column(of)) for field, of in ((START, start), (END, end)) if of is not None}
    cells = pl.DataFrame([pl.Series(files.values.alias("file")), *(values.alias(field) for field, values in times.items())])
    cell = pl.struct(*file_parts(files.values.dtype), *times)
    return Column(
        name, cells.select(pl.when(pl.col("file").is_not_null()).then(cell).alias(name))[name], files.folder, files.rows
    )


def seconds_of(column: Column) -> pl.Series:
    """Times (N,) as Float64: null where empty, NaN where a text is no number. Text may have decimal commas."""
    values = column.values
    if values.dtype in (pl.String, pl.Categorical, pl.Enum):
        text = values.cast(pl.String).str.strip_chars()
        text = text.set(text == "", None)
        read, _ = numbers_with_commas(text, ";")
        if read is None:  # a slip in one cell is no reason to misread the others
            read = text.str.replace(r"^([+-]?\d+),(\d+)$", "${1}.${2}").cast(pl.Float64, strict=False)
        return read.set(read.is_null() & text.is_not_null(), np.nan)
    if not (values.dtype.is_numeric() or values.dtype == pl.Null):
        raise TableError(
            f"Column '{column.name}' holds the times of clips, but its cells are {values.dtype}. Give seconds from the "
            "beginning of the file as numbers."
        )
    return values.cast(pl.Float64)


def file_parts(dtype: pl.DataType) -> list[pl.Expr]:
    """Where the bytes of a cell are, as `media_bytes` takes them."""
    if isinstance(dtype, pl.Struct):
        return [pl.col("file").struct.field(field.name) for field in dtype.fields if field.name in ("bytes", "path")]
    return [pl.col("file").alias("bytes" if dtype == pl.Binary else "path")]
