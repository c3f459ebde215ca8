"""Whether two tables differ by more than chance: which rows are of which table is drawn anew, whole groups at a time.

*Source*: permutation tests, Good 2005, Permutation, Parametric and Bootstrap Tests of Hypotheses, chapter 3; drawing until
enough draws were as far apart, Besag and Clifford 1991, Sequential Monte Carlo p-values, Biometrika 78.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Statistic = Callable[[Array], Array]
"""Which rows (B,N) bool are of the new table, in B draws, to how far the tables are apart (B,)."""

ENOUGH = 20
"""Draws as far apart as the tables themselves, after which no more are needed: p is then known to about a fifth."""
AT_ONCE = 100
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Found:
    """How far apart the tables are, how far apart chance would have them on average, and the p-value."""

    apart: float
    by_chance: float
    p: float

    @property
    def beyond(self) -> float:
        """How far apart they are beyond chance, from 0 to 1, where 1 is as far as they can be."""
        return max(0.0, (self.apart - self.by_chance) / (1 - self.by_chance)) if self.by_chance < 1 else 0.0


@dataclass(frozen=True)
class Shuffles:
    """N rows of two tables that are drawn anew into an old and a new one."""

    unit: Array
    """(N,) int, from 0: rows of one unit go together."""
    new_unit: Array
    """(U,) bool: units that are of the new table."""
    most: int
    """Draws at most; p is no smaller than one over one more."""
    seed: int = 0

    @classmethod
    def of(cls, before: Array, after: Array, *, most: int, seed: int = 0) -> Self:
        """Of the units (n,) and (m,) of the rows of both tables, the old one first; none is of both."""
        old, new = (np.unique(units, return_inverse=True)[1] for units in (before, after))
        count = int(old.max()) + 1 if len(old) else 0
        unit = np.concatenate([old, new + count]).astype(np.int64)
        return cls(unit, np.arange(unit.max() + 1 if len(unit) else 0) >= count, most, seed)

    @property
    def new(self) -> Array:
        """(N,) bool: rows of the new table."""
        return self.new_unit[self.unit]

    @property
    def units(self) -> tuple[int, int]:
        """Units of the old table, and of the new one."""
        after = int(self.new_unit.sum())
        return len(self.new_unit) - after, after

    def only(self, rows: Array) -> Shuffles:
        """The same for those rows that `rows` (N,) bool marks."""
        new = self.new
        return Shuffles.of(self.unit[rows & ~new], self.unit[rows & new], most=self.most, seed=self.seed)

    def test(self, statistic: Statistic) -> Found:
        """How far apart the tables are by `statistic`, and how often chance has them as far apart."""
        apart = float(statistic(self.new[None])[0])
        if not all(self.units):
            return Found(apart, apart, 1.0)
        random = np.random.default_rng([self.seed, 2])  # not the draws of who cut the tables, nor of the folds
        as_far, done, total = 0, 0, 0.0
        while done < self.most:
            count = min(AT_ONCE, self.most - done)
            drawn = random.permuted(np.tile(self.new_unit, (count, 1)), axis=1)[:, self.unit]
            found = statistic(drawn)
            total += float(found.sum())
            reached = np.flatnonzero(np.cumsum(found >= apart - _ROUNDING) >= ENOUGH - as_far)
            if len(reached):  # as many as are enough: p is their share of the draws it took
                return Found(apart, total / (done + count), ENOUGH / (done + int(reached[0]) + 1))
            as_far += int((found >= apart - _ROUNDING).sum())
            done += count
        return Found(apart, total / done, (1 + as_far) / (1 + done))


def either(first: Found, second: Found) -> float:
    """One p-value of two tests of the same column: twice the smaller (Bonferroni)."""
    return min(1.0, 2 * min(first.p, second.p))
