"""How a long table is divided: its sample as any table; all other rows teach but those that know something of what judges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from injerto.learning.division import Division, divide
from injerto.progress import Progress
from injerto.schema.schema import Schema
from injerto.table.group_names import group_names
from injerto.table.long_table import LongTable
from injerto.table.split_column import WORDS
from injerto.table.split_time import moments
from injerto.table.table import Table


def divide_long(long: LongTable, schema: Schema, progress: Progress) -> Division:
    """The sample divided as any table; of the other rows teach all that know nothing of those that judge."""
    division = divide(long.sample, schema, progress)
    drawn = f"{len(long.sample):,} of {len(long):,} rows were drawn at random and divided."
    reason = f"{drawn} {division.rows.reason} {_others(schema)}"
    return replace(division, rows=replace(division.rows, reason=reason))


def _others(schema: Schema) -> str:
    """Which rows outside of the sample teach, in a sentence."""
    split = schema.split
    if split.column is not None:
        return f"Of all others, those teach that '{split.column}' names."
    if split.grouping is None and split.time is None:
        return "All others teach, too."
    if split.grouping is None:
        return f"Of all others, those teach that are earlier by '{split.time}' than all that judge."
    if split.time is None:
        return "Of all others, those teach that are of groups which judge nothing."
    earlier = f"earlier by '{split.time}' than all that judge"
    return f"Of all others, those teach that are {earlier}, and of groups which judge nothing."


class Teaching:
    """A long table is divided by its sample: what tunes and tests is drawn from there. Of all other rows teach those that no
    group shares with them, that are not later than any of them, or that the user's column names.
    """

    def __init__(self, schema: Schema, sample: Table, division: Division) -> None:
        """`division` is that of `sample`."""
        self.split = schema.split
        judging = sample.take(np.concatenate([division.rows.tune, division.rows.test, division.rows.left_out]))
        self.judging = np.sort(judging.rows)
        grouping = self.split.grouping
        self.met = pl.Series([], dtype=pl.String) if grouping is None else _texts(group_names(grouping, judging)).unique()
        column = None if self.split.time is None or not len(judging) else judging.column(self.split.time)
        times = np.empty(0) if column is None else moments(column)
        self.until = float(np.min(times[np.isfinite(times)], initial=np.inf))

    def of(self, piece: Table) -> np.ndarray:
        """Which rows (n,) bool of `piece` teach."""
        place = np.searchsorted(self.judging, piece.rows).clip(max=max(0, len(self.judging) - 1))
        teaches = self.judging[place] != piece.rows if len(self.judging) else np.ones(len(piece), dtype=bool)
        if self.split.column is not None:
            words = piece.column(self.split.column).values.cast(pl.String).str.strip_chars().str.to_lowercase()
            named = words.replace_strict(WORDS, default=None, return_dtype=pl.Int64)
            return np.asarray(teaches & (named == 0).fill_null(False).to_numpy())
        if self.split.grouping is not None:
            names = _texts(group_names(self.split.grouping, piece))
            teaches &= ~names.is_in(self.met.implode()).fill_null(False).to_numpy()
        if self.split.time is not None:
            teaches &= moments(piece.column(self.split.time)) < self.until
        return np.asarray(teaches)


def _texts(names: pl.Series) -> pl.Series:
    """Names as text, so that those of a sample and of a piece are told alike; null where there is none."""
    return names.cast(pl.String)
