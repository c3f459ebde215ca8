"""How rows that taught nothing were answered: what every promise about new answers is counted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import torch
from torch import Tensor

from injerto.heads.design_effect import seen_together

Source = Literal["out-of-fold", "tune"]
"""Rows answered by fits on other folds, or rows that taught nothing but chose when to stop."""

MOST = 20_000
"""Rows that are kept: they travel with the model."""


@dataclass(frozen=True)
class Grades:
    """Answers (n,) beside the truth. What is not right or wrong, such as a number, lacks `sure` and `wrong`."""

    misfit: Tensor
    """How badly the truth fits the answer: the nonconformity score of conformal prediction. Infinity where it cannot be."""
    code: Tensor
    """The true class, -1 where there is none."""
    sure: Tensor
    """The chance that the answer is right, as the model says."""
    wrong: Tensor

    @classmethod
    def of_lengths(cls, misfit: Tensor) -> Self:
        """Of answers that are off by some length, and neither right nor wrong."""
        nothing = torch.empty(0, dtype=torch.float64)
        return cls(misfit.double(), torch.full((len(misfit),), -1), nothing, nothing.bool())


@dataclass(frozen=True)
class HeldOut:
    """Grades of rows that taught nothing, and the `unit` (n,) each belongs to: rows that came together."""

    grades: Grades
    unit: Tensor
    source: Source

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def together(self) -> float:
        """How many rows came together, seen from a row."""
        return seen_together(self.unit)

    def few(self) -> Self:
        """At most `MOST` of the rows, at even steps."""
        if len(self) <= MOST:
            return self
        return self.take(torch.from_numpy(np.linspace(0, len(self) - 1, MOST).astype(np.int64)))

    def take(self, rows: Tensor) -> Self:
        """Some of the rows."""
        grades = self.grades
        graded = len(grades.sure) > 0
        kept = Grades(
            grades.misfit[rows],
            grades.code[rows],
            grades.sure[rows] if graded else grades.sure,
            grades.wrong[rows] if graded else grades.wrong,
        )
        return type(self)(kept, self.unit[rows], self.source)

    def tensors(self) -> dict[str, Tensor]:
        """All but the source."""
        return {**vars(self.grades), "unit": self.unit}

    @classmethod
    def of_tensors(cls, tensors: Mapping[str, Tensor], source: Source) -> Self:
        """What `tensors` gave. *Raises* KeyError when one lacks, ValueError when they are not of one length."""
        grades = Grades(tensors["misfit"].double(), tensors["code"].long(), tensors["sure"].double(), tensors["wrong"].bool())
        unit = tensors["unit"].long()
        if not len(unit) == len(grades.misfit) == len(grades.code) or len(grades.sure) not in (0, len(unit)):
            raise ValueError("held-out rows have grades of different lengths")
        return cls(grades, unit, source)
