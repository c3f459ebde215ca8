"""Rows drawn again and again with replacement, one by one or in whole groups: as if other rows of the same source had come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np

from injerto.metrics.figures import Array

_CELLS_A_DRAW = 100_000
_ROWS_A_DRAW = (2_000, 20_000)
_FEWEST_UNITS_A_DRAW = 50


@dataclass(frozen=True)
class Resampling:
    """How `count` units, rows or whole groups of rows, are drawn.

    Large tables: a draw holds about 100,000 / K rows, 2,000 to 20,000, for answers of K values. When there are few groups
    their rows are thinned instead.
    """

    units: Array
    """The unit (N,) of every row, from 0 to `count` - 1."""
    count: int
    alone: bool
    """Whether every row is a unit of its own."""
    most_rows: int

    @classmethod
    def of(cls, rows: int, groups: Array | None, *, width: int) -> Self:
        """Of `rows` rows whose `groups` (N,), where given, are drawn whole; answers have `width` values."""
        units = np.arange(rows) if groups is None else np.unique(groups, return_inverse=True)[1].astype(np.int64)
        count = int(units.max()) + 1 if rows else 0
        return cls(units, count, groups is None, int(np.clip(_CELLS_A_DRAW // max(width, 1), *_ROWS_A_DRAW)))

    @property
    def drawn(self) -> int:
        """Units in a draw."""
        return min(self.count, max(_FEWEST_UNITS_A_DRAW, round(self.count * self.most_rows / len(self.units))))

    @property
    def narrowing(self) -> float:
        """By what the spread of the draws is multiplied to be that of all units: the m-out-of-n bootstrap."""
        return float(np.sqrt(self.drawn / self.count))

    def draws(self, times: int, seed: int) -> Iterator[Array]:
        """Positions of rows, `times` times."""
        random = np.random.default_rng(seed)
        for _ in range(times):
            picked = random.integers(self.count, size=self.drawn)
            if self.alone:
                rows = picked
            else:
                rows = np.repeat(np.arange(len(self.units)), np.bincount(picked, minlength=self.count)[self.units])
            if len(rows) > 2 * self.most_rows:
                rows = rows[random.random(len(rows)) < self.most_rows / len(rows)]
            yield rows


def width_of(answer: Array) -> int:
    """How many values an answer (N,...) has along its second axis."""
    return int(answer.shape[1]) if answer.ndim > 1 else 1


def require_same_length(truth: Array, answer: Array) -> None:
    """*Raises* ValueError unless there is an answer for every true value."""
    if len(truth) != len(answer):
        raise ValueError(f"There are {len(truth)} true values but {len(answer)} answers; give one answer a row.")
