"""Cells of a text table to truth values, numbers and dates; a column changes type only if every cell fits."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from injerto.table.text_dates import dates
from injerto.table.text_numbers import numbers, numbers_with_commas, numbers_with_percent

MISSING = ("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NaT", "NULL", "Null", "null", "None", "?")
"""Spellings of a missing cell. Not among them: 'none', 'na' and '-', which people write as levels."""

_SAMPLE = 1000


def understood(column: pl.Series, delimiter: str) -> tuple[pl.Series, str]:
    """The column with the type that all its cells fit, and a note where the reading may surprise (else empty).

    Codes such as 007 stay text; so do whole numbers of more than 18 digits, which no float would keep.
    """
    cells = column.str.strip_chars()
    cells = cells.set(cells.is_in(MISSING), None)
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


def truths(cells: pl.Series) -> tuple[pl.Series | None, str]:
    """Booleans, if every cell says true or false in any case."""
    small = cells.str.to_lowercase()
    return (small == "true", "") if small.is_in(["true", "false"]).all() else (None, "")
