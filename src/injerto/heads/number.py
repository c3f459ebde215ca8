"""A number: predicted in training standard deviations, answered in the user's units with an interval."""

from __future__ import annotations

import math
from typing import Any, Self

import polars as pl
import torch
from torch import Tensor

from injerto.errors import TrainingError
from injerto.heads.cover import Cover, Intervals
from injerto.heads.head import Labels
from injerto.heads.held_out import Grades
from injerto.heads.vector_head import VectorHead
from injerto.schema.schema import Target
from injerto.table.column import Column

COVERAGE = 0.9
"""Share of true values the interval of an answer is meant to hold."""


class NumberHead(VectorHead):
    """Answers are numbers (N,). The interval is split-conformal: a quantile of the errors on the tune rows."""

    kind = "number"
    covers = True
    radius: Tensor

    def __init__(self, name: str, options: Target) -> None:
        super().__init__(name, options)
        self.mean_ = 0.0
        self.std_ = 1.0
        self.register_buffer("radius", torch.full((), torch.nan))

    @property
    def cost(self) -> str:
        return "number" if self.options.loss == "squared" else "number, absolute"

    @property
    def outputs(self) -> int:
        return 1

    def fit(self, column: Column) -> Self:
        labels = self.truth(column)
        values = labels.value[labels.known]
        if len(values) < 2:
            raise TrainingError(
                f"Column '{column.name}' has {len(values)} usable number(s) among the {len(column)} training rows. "
                "A number target needs at least two."
            )
        mean, std = float(values.mean()), float(values.std())
        if std == 0:
            raise TrainingError(f"Column '{column.name}' is {mean:g} in every training row: there is nothing to learn.")
        self.mean_, self.std_ = mean, std
        return self

    def prior(self) -> Tensor:
        return torch.zeros(1)

    def encode(self, column: Column) -> Labels:
        numbers = self.truth(column)
        return Labels(((numbers.value - self.mean_) / self.std_).float(), numbers.known)

    def truth(self, column: Column) -> Labels:
        numbers = column.values.cast(pl.Float64, strict=False)
        known = numbers.is_finite().fill_null(False)  # NaN and infinity are no labels
        return Labels(numbers.set(~known, self.mean_).to_torch(), known.to_torch())

    def strange(self, column: Column) -> pl.Series:
        return pl.Series([], dtype=pl.String)  # a number never seen is an answer like any other

    def calibrate(self, output: Tensor, labels: Labels, unit: Tensor | None = None) -> None:
        # Vovk et al.'s split-conformal radius: the ceil((n + 1) * coverage)-th smallest absolute error.
        errors = (output.mean(dim=1)[:, 0] - labels.value)[labels.known].abs().double().sort().values * self.std_
        rank = math.ceil((len(errors) + 1) * COVERAGE)
        self.radius.fill_(float(errors[rank - 1]) if rank <= len(errors) else math.nan)

    def answer(self, output: Tensor) -> Tensor:
        return output.double().mean(dim=1)[:, 0] * self.std_ + self.mean_

    def grade(self, answer: Tensor, truth: Tensor) -> Grades:
        return Grades.of_lengths((answer.double() - truth.double()).abs())

    def cover(self, coverage: float) -> Cover | None:
        return None if self.held_out is None else Intervals.of(self.name, self.held_out, coverage)

    def baseline(self, count: int) -> Tensor:
        return torch.full((count,), self.mean_, dtype=torch.float64)

    def decode(self, answer: Tensor) -> dict[str, pl.Series]:
        columns = {self.name: pl.Series(answer.numpy())}
        if not math.isnan(float(self.radius)):
            columns[f"{self.name}_low"] = pl.Series((answer - self.radius).numpy())
            columns[f"{self.name}_high"] = pl.Series((answer + self.radius).numpy())
        return columns

    def state(self) -> dict[str, Any]:
        return {"mean": self.mean_, "std": self.std_}

    def restore(self, state: dict[str, Any]) -> Self:
        self.mean_, self.std_ = float(state["mean"]), float(state["std"])
        return self
