"""Strings to numbers, with decimal points, decimal commas, thousands commas or the sign %."""

from __future__ import annotations

import polars as pl

CODE = r"^[+-]?0\d"
"""Digits that are a name and no number, such as 007."""
_WHOLE = r"^[+-]?\d+$"
_NUMBER = r"(?i)^[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf|infinity)$"
_THOUSANDS = r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$"
_THOUSANDS_FOR_SURE = r",\d{3},|,.*\."
_DECIMAL_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?([eE][+-]?\d+)?$"
_PERCENT = r"\s*%$"
_MOST_DIGITS = 18


def numbers(cells: pl.Series) -> tuple[pl.Series | None, str]:
    """Int64 or Float64, if every cell is a number and none a code such as 007."""
    if not cells.str.contains(_NUMBER).all() or cells.str.contains(CODE).any():
        return None, ""
    if cells.str.contains(_WHOLE).all():
        if (cells.str.len_bytes() > _MOST_DIGITS).any():
            return None, ""  # an identifier: as a float it would lose its last digits
        return cells.cast(pl.Int64), ""
    return cells.cast(pl.Float64), ""


def numbers_with_commas(cells: pl.Series, delimiter: str) -> tuple[pl.Series | None, str]:
    """Float64, if every cell is a number once its commas are understood; the note says how they were.

    1,234 between semicolons or tabs has a decimal comma. In a comma-separated file, in quotes, it has a thousands comma.
    """
    if not cells.str.contains(",", literal=True).any() or cells.str.contains(CODE).any():
        return None, ""
    if cells.str.contains(_THOUSANDS).all() and (delimiter == "," or cells.str.contains(_THOUSANDS_FOR_SURE).any()):
        plain, how = cells.str.replace_all(",", "", literal=True), "commas were read as thousands separators"
    elif cells.str.contains(_DECIMAL_COMMA).all():
        plain = cells.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        how = "commas were read as decimal commas"
    else:
        return None, ""
    first = int((cells.str.contains(",", literal=True).fill_null(False)).arg_max() or 0)
    typed = plain.cast(pl.Float64)
    return typed, f"{how} ({cells[first]} as {typed[first]:g})."


def numbers_with_percent(cells: pl.Series, delimiter: str) -> tuple[pl.Series | None, str]:
    """Int64 or Float64, if every cell is a number with the sign % behind it; the note says so."""
    if not cells.str.contains(_PERCENT).all():
        return None, ""
    bare = cells.str.replace(_PERCENT, "")
    typed, how = numbers(bare)
    if typed is None:
        typed, how = numbers_with_commas(bare, delimiter)
    if typed is None:
        return None, ""
    first = int(cells.is_not_null().arg_max() or 0)
    return typed, f"per cents were read as numbers ({cells[first]} as {typed[first]:g})." + (f" In them {how}" if how else "")
