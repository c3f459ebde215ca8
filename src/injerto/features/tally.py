"""What is counted of a column piece by piece, where the whole of it does not fit into memory."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from injerto.features.feature import Feature
from injerto.table.column import Column

MOST_LEVELS = 20_000_000
"""Different levels that are counted at once; of more, those seen once so far are forgotten. About 2 GB."""
PENDING = 2_000_000
"""Counts that wait before equal levels are added up: adding up after every piece took longer than reading it."""


class Tally:
    """Figures of the rows of one piece; `add` takes in those of another."""

    @abstractmethod
    def add(self, other: Self) -> None:
        """Take in the figures of further rows."""


class Counted(Feature):
    """A feature whose figures can be gathered piece by piece: after `fit` on a sample, `settle` on the tally of every row."""

    @abstractmethod
    def tally(self, column: Column) -> Tally:
        """The figures of one piece of the training rows."""

    @abstractmethod
    def settle(self, tally: Tally) -> Self:
        """Learn from the tally of all pieces what a sample cannot tell exactly."""


@dataclass
class RangeTally(Tally):
    """The least and the greatest value; NaN while none was seen."""

    low: float = np.nan
    high: float = np.nan

    @classmethod
    def of(cls, values: np.ndarray) -> Self:
        """Of values (N,) float64; those that are not finite do not count."""
        finite = values[np.isfinite(values)]
        return cls(float(finite.min()), float(finite.max())) if len(finite) else cls()

    def add(self, other: Self) -> None:
        self.low, self.high = float(np.fmin(self.low, other.low)), float(np.fmax(self.high, other.high))


class LevelsTally(Tally):
    """How often each level was seen, exactly, up to `MOST_LEVELS` of them."""

    def __init__(self, texts: pl.Series, fullest: int = 1) -> None:
        """`texts` holds one level an occurrence, null where a cell holds none; `fullest` the most in one cell."""
        self.missing, self.fullest = texts.null_count(), fullest
        self.rare = 0
        """Occurrences of levels that were forgotten."""
        self.parts = [_counted(texts)]

    def add(self, other: Self) -> None:
        self.missing += other.missing
        self.rare += other.rare
        self.fullest = max(self.fullest, other.fullest)
        self.parts += other.parts
        waiting = sum(len(part) for part in self.parts[1:])
        if waiting > max(PENDING, len(self.parts[0])):
            self.parts = [self._forgetting(self.counts())]

    def counts(self) -> pl.DataFrame:
        """Columns `level` and `count`, each level once, in no order."""
        if len(self.parts) > 1:
            self.parts = [pl.concat(self.parts).group_by("level").agg(pl.col("count").sum())]
        return self.parts[0]

    def _forgetting(self, counts: pl.DataFrame) -> pl.DataFrame:
        if len(counts) <= MOST_LEVELS:
            return counts
        kept = counts.filter(pl.col("count") > 1)
        self.rare += len(counts) - len(kept)
        return kept


def _counted(texts: pl.Series) -> pl.DataFrame:
    return (
        pl.DataFrame({"level": texts}).drop_nulls().group_by("level").len("count").with_columns(pl.col("count").cast(pl.Int64))
    )
