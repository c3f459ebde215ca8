"""One class out of several: softmax over the levels of the column, made honest by a temperature."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import polars as pl
import torch
from torch import Tensor

from injerto.errors import TrainingError
from injerto.heads.abstention import Abstention, SureEnough
from injerto.heads.cover import ClassSets, Cover
from injerto.heads.head import Labels
from injerto.heads.held_out import Grades
from injerto.heads.levels import Level, codes_of, levels_of
from injerto.heads.temperature import cautious_temperature, independent_rows, lasting_doubt, tempered
from injerto.heads.vector_head import VectorHead
from injerto.schema.schema import Target
from injerto.table.column import Column
from injerto.table.words import normalised


class ClassHead(VectorHead):
    """Answers are probabilities (N,K) over `levels_`."""

    kind = "class"
    strange_fate = "count as wrong"
    abstains, covers = True, True
    uncalibrated: ClassVar = {"temperature": 1.0, "doubt": 0.0}
    temperature: Tensor
    doubt: Tensor

    def __init__(self, name: str, options: Target) -> None:
        super().__init__(name, options)
        self.levels_: list[Level] = []
        self.counts_: list[int] = []
        self.register_buffer("temperature", torch.ones(()))
        self.register_buffer("doubt", torch.zeros(()))

    @property
    def outputs(self) -> int:
        return len(self.levels_)

    @property
    def choices(self) -> list[str]:
        return [str(level) for level in self.levels_]

    def fit(self, column: Column) -> Self:
        values = normalised(column.values)
        self.levels_ = levels_of(values)
        if len(self.levels_) < 2:
            found = f"only '{self.levels_[0]}'" if self.levels_ else "no label at all"
            raise TrainingError(
                f"Column '{column.name}' has {found} among the {len(column)} training rows. "
                "A class target needs at least two classes: add rows of another class, or check the split's groups."
            )
        codes = codes_of(values, self.levels_).drop_nulls().to_torch()
        self.counts_ = torch.bincount(codes, minlength=self.outputs).tolist()
        return self

    def prior(self) -> Tensor:
        share = torch.tensor(self.counts_, dtype=torch.float64)
        return (share / share.sum()).log()

    def encode(self, column: Column) -> Labels:
        codes = codes_of(normalised(column.values), self.levels_)
        return Labels(codes.fill_null(-1).to_torch(), codes.is_not_null().to_torch())

    def truth(self, column: Column) -> Labels:
        values = normalised(column.values)
        codes = codes_of(values, self.levels_)
        return Labels(codes.fill_null(-1).to_torch(), values.is_not_null().to_torch())

    def strange(self, column: Column) -> pl.Series:
        values = normalised(column.values).drop_nulls()
        return values.filter(codes_of(values, self.levels_).is_null())

    def calibrate(self, output: Tensor, labels: Labels, unit: Tensor | None = None) -> None:
        self.doubt.fill_(lasting_doubt(int(labels.known.sum())))
        seen, codes = output[labels.known].double(), labels.value[labels.known]
        counts = torch.bincount(codes, minlength=self.outputs).double()

        def losses(temperature: float) -> Tensor:
            return -self._shares(seen, temperature).gather(1, codes[:, None])[:, 0].clamp_min(1e-12).log()

        together = None if unit is None else unit[labels.known]
        self.temperature.fill_(cautious_temperature(losses, independent_rows(counts, self.prior().exp()), together))

    def answer(self, output: Tensor) -> Tensor:
        return self._shares(output.double(), self.temperature.double())

    def _shares(self, output: Tensor, temperature: float | Tensor) -> Tensor:
        shares = tempered(output, self.prior(), temperature).softmax(dim=-1).mean(dim=1)
        return torch.lerp(shares, self.prior().exp().to(shares.dtype).expand_as(shares), self.doubt.to(shares.dtype))

    def grade(self, answer: Tensor, truth: Tensor) -> Grades:
        code, sure = truth.long(), answer.double()
        misfit = 1 - sure.gather(1, code.clamp_min(0)[:, None])[:, 0]
        best, guess = sure.max(dim=1)
        return Grades(misfit.masked_fill(code < 0, torch.inf), code, best, guess != code)

    def abstention(self, max_error: float) -> Abstention | None:
        if self.held_out is None:
            return None
        return SureEnough.of(self.name, self.held_out, max_error, grade=self.grade, surety=lambda answer: answer.amax(dim=1))

    def cover(self, coverage: float) -> Cover | None:
        return None if self.held_out is None else ClassSets.of(self.name, self.choices, self.held_out, coverage)

    def baseline(self, count: int) -> Tensor:
        return self.prior().exp().expand(count, -1)

    def decode(self, answer: Tensor) -> dict[str, pl.Series]:
        probability, code = answer.max(dim=1)
        levels = pl.Series(self.levels_)
        columns = {self.name: levels.gather(code.numpy()), f"{self.name}_probability": pl.Series(probability.numpy())}
        for position, level in enumerate(self.levels_):
            columns[f"{self.name}_probability_{level}"] = pl.Series(answer[:, position].numpy())
        return columns

    def state(self) -> dict[str, Any]:
        return {"levels": self.levels_, "counts": self.counts_}

    def restore(self, state: dict[str, Any]) -> Self:
        self.levels_, self.counts_ = list(state["levels"]), [int(count) for count in state["counts"]]
        return self
