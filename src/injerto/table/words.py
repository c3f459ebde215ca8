"""Values of a column as words: however a table holds a label, one spelling."""

from __future__ import annotations

import polars as pl


def normalised(values: pl.Series) -> pl.Series:
    """Values as strings in Unicode's NFC, integers or booleans; NaN, blanks and surrounding spaces are missing."""
    if values.dtype == pl.Boolean or values.dtype.is_integer():
        return values
    if values.dtype.is_float():
        values = values.fill_nan(None)
        whole = values.drop_nulls()
        if len(whole) and bool((whole == whole.round(0)).all()):
            return values.cast(pl.Int64)
    return values.cast(pl.String).str.normalize("NFC").str.strip_chars().replace({"": None})


def words(values: pl.Series) -> pl.Series:
    """The same as text.

    Example:
        >>> words(pl.Series([7.0, float("nan")])).to_list(), words(pl.Series([" Zoe\u0308", " "])).to_list()
        (['7', None], ['Zoë', None])
    """
    return normalised(values).cast(pl.String)
