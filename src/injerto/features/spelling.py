"""Cells of a category as text, one spelling a level, whatever program wrote the table."""

from __future__ import annotations

import polars as pl

from injerto.errors import TableError
from injerto.table.column import Column


def text_of(column: Column) -> pl.Series:
    """Cells as text, one spelling a level: NFC, no outer spaces, 3.0 as 3, true and false; empty is null.

    *Raises* TableError for cells that are no level: lists, structs, bytes.
    """
    values = column.values
    if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object):
        raise TableError(f"Column '{column.name}' is a category in this model, but the table holds {values.dtype} there.")
    if values.dtype.is_float():
        # A whole column of integers becomes float as soon as one cell is empty: 3.0 and 3 are one level.
        whole = values.is_finite() & (values == values.round(0)) & (values.abs() < 2**53)
        text = values.cast(pl.String)
        integers = values.set(~whole.fill_null(False), None).cast(pl.Int64).cast(pl.String)
        text = integers.zip_with(integers.is_not_null(), text)
        return text.set(values.is_nan().fill_null(False), None)
    text = values.cast(pl.String)
    if values.dtype in (pl.String, pl.Categorical, pl.Enum):
        return tidy(text)
    return text


def tidy(text: pl.Series) -> pl.Series:
    """Text in Unicode's NFC without outer spaces; what is then empty is null."""
    # As one expression: on a few rows, each call of its own would take as long as all of them.
    cells = pl.first().str.normalize("NFC").str.strip_chars()
    return text.to_frame().select(pl.when(cells != "").then(cells)).to_series()


def plain(text: pl.Series) -> pl.Series:
    """Truth values in small letters and whole numbers without decimals: the same table, read or written by other programs."""
    small = pl.first().str.to_lowercase()
    whole = pl.first().str.replace(r"^([+-]?\d+)\.0+$", "$1")
    return text.to_frame().select(pl.when(small.is_in(["true", "false"])).then(small).otherwise(whole)).to_series()
