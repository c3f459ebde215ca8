"""Levels of a target column: the values a class label can have, in a stable order, as JSON."""

from __future__ import annotations

import polars as pl

Level = str | int | bool


def levels_of(values: pl.Series) -> list[Level]:
    """The distinct normalised values, sorted."""
    return values.drop_nulls().unique().sort().to_list()


def codes_of(values: pl.Series, levels: list[Level]) -> pl.Series:
    """Positions (N,) of normalised values among `levels`; null where missing or not among them."""
    known = pl.Series(levels)
    if known.dtype != values.dtype:
        # A table read at another time may hold 1 as "1" or the other way round: compare as text.
        known, values = known.cast(pl.String), values.cast(pl.String)
    codes = pl.Series(range(len(levels)), dtype=pl.Int64)
    return values.replace_strict(known, codes, default=None, return_dtype=pl.Int64)
