"""Which answers are given and which are not, so that few of those given are wrong."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
from torch import Tensor

from injerto.heads.conformal import rows_needed
from injerto.heads.held_out import Grades, HeldOut
from injerto.heads.selective import least_sure

CANNOT_TELL = "cannot tell"
ANSWERED = "answered"


class Abstention(ABC):
    """A rule for one target by which at most `max_error` of what is answered is expected to be wrong."""

    @property
    @abstractmethod
    def words(self) -> str:
        """The rule and what it was measured on, in a sentence or two."""

    @abstractmethod
    def told(self, answer: Tensor) -> Tensor:
        """Which of the answers (N,...) are given (N,) bool."""

    @abstractmethod
    def wrong(self, answer: Tensor, truth: Tensor) -> Tensor:
        """Which would be wrong, if given (N,) bool."""

    @abstractmethod
    def columns(self, answer: Tensor) -> dict[str, pl.Series]:
        """Columns of the answers (N,...) that say so."""


@dataclass(frozen=True)
class SureEnough(Abstention):
    """Given is what is at least as sure as a limit that was found on held-out rows."""

    name: str
    grade: Callable[[Tensor, Tensor], Grades]
    surety: Callable[[Tensor], Tensor]
    max_error: float
    held_out: HeldOut
    start: float
    """How sure an answer must be; infinity where none may be given."""

    @classmethod
    def of(
        cls,
        name: str,
        held_out: HeldOut,
        max_error: float,
        *,
        grade: Callable[[Tensor, Tensor], Grades],
        surety: Callable[[Tensor], Tensor],
    ) -> SureEnough | None:
        """The rule for the target `name`; None where the rows are fewer than anything can be promised by."""
        if len(held_out) < rows_needed(max_error, held_out.together):
            return None
        start = least_sure(held_out.grades.sure, held_out.grades.wrong, max_error, held_out.unit)
        return cls(name, grade, surety, max_error, held_out, start)

    @property
    def words(self) -> str:
        rows = f"{len(self.held_out):,} held-out rows"
        if self.start == math.inf:
            return (
                f"Nothing is answered: on the {rows} no answers, however sure, were wrong so rarely as {self.max_error:.3g}. "
                "Allow more errors, or train on more rows."
            )
        given = self.held_out.grades.sure >= self.start
        wrong = self.held_out.grades.wrong[given].double()
        from_ = "Every answer is given" if self.start == 0 else f"Answers from {self.start:.1%} sure on are given"
        return f"{from_}: on the {rows} these are {given.double().mean():.1%}, and {wrong.mean():.1%} of them wrong."

    def told(self, answer: Tensor) -> Tensor:
        return self.surety(answer) >= self.start

    def wrong(self, answer: Tensor, truth: Tensor) -> Tensor:
        return self.grade(answer, truth).wrong

    def columns(self, answer: Tensor) -> dict[str, pl.Series]:
        said = [ANSWERED if one else CANNOT_TELL for one in self.told(answer).tolist()]
        return {f"{self.name}_decision": pl.Series(said, dtype=pl.String)}


def selective_risk(told: Tensor, wrong: Tensor) -> tuple[float, float]:
    """The share of rows answered, and of those the share that is wrong, NaN where there is none.

    Example:
        >>> import torch
        >>> selective_risk(torch.tensor([True, True, False, True]), torch.tensor([False, True, True, False]))
        (0.75, 0.3333333333333333)
    """
    given = int(told.sum())
    return given / max(1, len(told)), int((told & wrong).sum()) / given if given else math.nan
