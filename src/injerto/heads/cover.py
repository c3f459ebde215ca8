"""Answers wide enough to hold the truth in a given share of rows: sets of classes, intervals of numbers, circles of points."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import torch
from torch import Tensor

from injerto.heads.conformal import limit, rows_needed
from injerto.heads.held_out import HeldOut

OWN_ROWS = 50
"""A class with so many held-out rows has a limit of its own, so that the promise holds for its rows alone."""


class Cover(ABC):
    """What is said of a target so that the truth lies within in a share `coverage` of rows."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What was promised and by what, in a sentence."""

    @abstractmethod
    def columns(self, answer: Tensor) -> dict[str, pl.Series]:
        """What is said beside, or in place of, the answers (N,...)."""

    @abstractmethod
    def holds(self, answer: Tensor, truth: Tensor) -> Tensor:
        """Whether the truth lies within (n,) bool: of each row, or of each point that is known."""

    @abstractmethod
    def size(self, answer: Tensor) -> Tensor:
        """How much is said (N,): classes in a set, the width of an interval, a radius."""


@dataclass(frozen=True)
class ClassSets(Cover):
    """All classes likely enough; the likeliest is always among them.

    *Source*: Sadinle, Lei & Wasserman 2019, Least Ambiguous Set-Valued Classifiers with Bounded Error Levels, JASA 114; with
    limits of their own for classes (section 2.3), where they have `OWN_ROWS` held-out rows. All other classes share one limit.
    """

    name: str
    levels: Sequence[str]
    coverage: float
    limits: Tensor
    """How improbable (K,) a class may be and still be in the set."""
    own: int
    """How many classes have a limit of their own."""
    rows: int

    @classmethod
    def of(cls, name: str, levels: Sequence[str], held_out: HeldOut, coverage: float) -> ClassSets | None:
        """From held-out rows; None where they are too few."""
        grades, together = held_out.grades, held_out.together
        needed = rows_needed(1 - coverage, together)
        if len(held_out) < needed:
            return None
        counts = torch.bincount(grades.code[grades.code >= 0], minlength=len(levels))
        own = counts >= max(OWN_ROWS, needed)
        # Classes that share a limit must have rows enough for it: the smallest of the others join them.
        for place in counts.argsort().tolist():
            shared = len(held_out) - int(counts[own].sum())
            if shared == 0 or shared >= needed:
                break
            own[place] = False
        rest = ~own[grades.code.clamp_min(0)] | (grades.code < 0)
        shared_limit = limit(grades.misfit[rest], coverage, together) if bool(rest.any()) else 1.0
        limits = torch.full((len(levels),), shared_limit, dtype=torch.float64)
        for place in own.nonzero()[:, 0].tolist():
            limits[place] = limit(grades.misfit[grades.code == place], coverage, together)
        return cls(name, levels, coverage, limits, int(own.sum()), len(held_out))

    @property
    def words(self) -> str:
        own = f"; {self.own} of {len(self.levels)} classes each by themselves" if self.own else ""
        return f"Sets hold the true class in {self.coverage:.0%} of rows, by {self.rows:,} held-out rows{own}."

    def inside(self, answer: Tensor) -> Tensor:
        """Which classes (N,K) are in the sets of probabilities (N,K)."""
        # On tensors alone, so that it can be written into a graph.
        likeliest = torch.arange(answer.shape[1]) == answer.argmax(dim=1)[:, None]
        return (1 - answer.double() <= self.limits) | likeliest

    def columns(self, answer: Tensor) -> dict[str, pl.Series]:
        order = answer.argsort(dim=1, descending=True)
        chosen = self.inside(answer).gather(1, order).tolist()
        said = [
            " | ".join(self.levels[place] for place, on in zip(places, row, strict=True) if on)
            for places, row in zip(order.tolist(), chosen, strict=True)
        ]
        sizes = pl.Series(self.size(answer).numpy()).cast(pl.Int64)
        return {f"{self.name}_set": pl.Series(said, dtype=pl.String), f"{self.name}_set_size": sizes}

    def holds(self, answer: Tensor, truth: Tensor) -> Tensor:
        return self.inside(answer).gather(1, truth.long().clamp_min(0)[:, None])[:, 0] & (truth >= 0)

    def size(self, answer: Tensor) -> Tensor:
        return self.inside(answer).sum(dim=1).double()


@dataclass(frozen=True)
class LabelSets(Cover):
    """All labels likely enough, so that no true one is missing in a share `coverage` of rows."""

    name: str
    levels: Sequence[str]
    separator: str
    coverage: float
    limit: float
    rows: int

    @classmethod
    def of(cls, name: str, levels: Sequence[str], separator: str, held_out: HeldOut, coverage: float) -> LabelSets | None:
        """From held-out rows; None where they are too few."""
        if len(held_out) < rows_needed(1 - coverage, held_out.together):
            return None
        found = limit(held_out.grades.misfit, coverage, held_out.together)
        return cls(name, levels, separator, coverage, found, len(held_out))

    @property
    def words(self) -> str:
        return f"Sets hold all true labels in {self.coverage:.0%} of rows, by {self.rows:,} held-out rows."

    def inside(self, answer: Tensor) -> Tensor:
        """Which labels (N,K) are in the sets."""
        return 1 - answer.double() <= self.limit

    def columns(self, answer: Tensor) -> dict[str, pl.Series]:
        said = [
            self.separator.join(level for level, on in zip(self.levels, row, strict=True) if on)
            for row in self.inside(answer).tolist()
        ]
        sizes = pl.Series(self.size(answer).numpy()).cast(pl.Int64)
        return {f"{self.name}_set": pl.Series(said, dtype=pl.String), f"{self.name}_set_size": sizes}

    def holds(self, answer: Tensor, truth: Tensor) -> Tensor:
        return (self.inside(answer) | ~truth.bool()).all(dim=1)

    def size(self, answer: Tensor) -> Tensor:
        return self.inside(answer).sum(dim=1).double()


@dataclass(frozen=True)
class Intervals(Cover):
    """The answer, give or take the same radius in every row (Lei et al. 2018, JASA 113, section 2.2)."""

    name: str
    coverage: float
    radius: float
    rows: int

    @classmethod
    def of(cls, name: str, held_out: HeldOut, coverage: float) -> Intervals | None:
        """From held-out rows; None where they are too few."""
        radius = limit(held_out.grades.misfit, coverage, held_out.together)
        return None if radius == math.inf else cls(name, coverage, radius, len(held_out))

    @property
    def words(self) -> str:
        return (
            f"Intervals, the answer give or take {self.radius:.4g}, hold the true value in {self.coverage:.0%} of rows, "
            f"by {self.rows:,} held-out rows."
        )

    def columns(self, answer: Tensor) -> dict[str, pl.Series]:
        low, high = answer.double() - self.radius, answer.double() + self.radius
        return {f"{self.name}_low": pl.Series(low.numpy()), f"{self.name}_high": pl.Series(high.numpy())}

    def holds(self, answer: Tensor, truth: Tensor) -> Tensor:
        return (answer.double() - truth.double()).abs() <= self.radius

    def size(self, answer: Tensor) -> Tensor:
        return torch.full((len(answer),), 2 * self.radius, dtype=torch.float64)
