"""Cells of a text table to truth values, numbers and dates; a column changes type only if every cell fits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from injerto.table.text_dates import dates
from injerto.table.text_numbers import CODE, numbers, numbers_with_commas, numbers_with_percent

MISSING = ("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NaT", "NULL", "Null", "null", "None", "?")
"""Spellings of a missing cell. Not among them: 'none', 'na' and '-', which people write as levels."""

_SAMPLE = 1000


def understood(column: pl.Series, delimiter: str) -> tuple[pl.Series, str]:
    """The column with the type that all its cells fit, and a note where the reading may surprise (else empty).

    Codes such as 007 stay text; so do whole numbers of more than 18 digits, which no float would keep.
    """
    cells = bare(column)
    known = cells.drop_nulls()
    readers: list[Callable[[pl.Series], tuple[pl.Series | None, str]]] = [
        truths,
        numbers,
        lambda some: numbers_with_commas(some, delimiter),
        lambda some: numbers_with_percent(some, delimiter),
        dates,
    ]
    for read in readers if len(known) else []:
        early, doubt = read(known.head(_SAMPLE))
        if early is None and not doubt:
            continue  # what a few cells refuse, the column refuses; the whole is read only when they may fit
        typed, note = read(cells)
        if typed is not None:
            return typed, f"Column '{column.name}': {note}" if note else ""
        if note:
            return cells, f"Column '{column.name}': {note}"
    return cells, ""


def understood_as(column: pl.Series, dtype: pl.DataType, delimiter: str) -> tuple[pl.Series, np.ndarray]:
    """The column as the type that a sample of the table has, and which cells (N,) do not fit it: they are null.

    For the pieces of a long table, which are read one by one and must not differ in type.
    """
    cells = bare(column)
    if dtype == pl.String:
        return cells, np.zeros(len(cells), dtype=bool)
    codes = cells.str.contains(CODE) if dtype.is_numeric() else pl.repeat(False, len(cells), eager=True)
    if dtype.is_numeric() and not codes.any():
        plain = cells.cast(dtype, strict=False)
        if plain.null_count() == cells.null_count():  # the usual case, ten times as fast as looking at every cell
            return plain, np.zeros(len(cells), dtype=bool)
    typed, _ = understood(cells, delimiter)
    if dtype.is_numeric() and typed.dtype.is_numeric():
        return typed, np.zeros(len(cells), dtype=bool)
    if typed.dtype != dtype:
        numbers_alone = cells.set(codes.fill_null(False), None)
        typed = numbers_alone.cast(pl.Float64, strict=False) if dtype.is_numeric() else _one_by_one(cells, dtype)
    return typed, (typed.is_null() & cells.is_not_null()).to_numpy()


def bare(column: pl.Series) -> pl.Series:
    """Cells without blanks around them; those that say that nothing is known are null."""
    cells = column.str.strip_chars()
    return cells.set(cells.is_in(MISSING), None)


def _one_by_one(cells: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Cells that are truth values or dates, each by itself; null where one is not."""
    different = cells.drop_nulls().unique().to_list()
    read = truths if dtype == pl.Boolean else dates
    found = {text: typed[0] for text in different if (typed := read(pl.Series([text]))[0]) is not None}
    return pl.Series(cells.name, [found.get(text) for text in cells], dtype=dtype, strict=False)


def truths(cells: pl.Series) -> tuple[pl.Series | None, str]:
    """Booleans, if every cell says true or false in any case."""
    small = cells.str.to_lowercase()
    return (small == "true", "") if small.is_in(["true", "false"]).all() else (None, "")
