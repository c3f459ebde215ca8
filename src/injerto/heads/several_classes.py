"""Several classes at once: one sigmoid a level, labels in one cell set apart by a separator."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import polars as pl
import torch
from torch import Tensor
from torch.nn import functional

from injerto.errors import TrainingError
from injerto.heads.abstention import Abstention, SureEnough
from injerto.heads.cover import Cover, LabelSets
from injerto.heads.head import Labels
from injerto.heads.held_out import Grades
from injerto.heads.levels import Level, codes_of, levels_of
from injerto.heads.temperature import cautious_temperature, independent_rows, lasting_doubt, tempered
from injerto.heads.vector_head import VectorHead
from injerto.schema.schema import Target
from injerto.table.column import Column
from injerto.table.words import normalised

LIKELY = 0.5
"""A level is part of the answer from this probability on."""


class ClassesHead(VectorHead):
    """Answers are probabilities (N,K), one for each of `levels_` on its own. An empty cell is unknown, not "none"."""

    kind = "classes"
    abstains, covers = True, True
    uncalibrated: ClassVar = {"temperature": 1.0, "doubt": 0.0}
    temperature: Tensor
    doubt: Tensor

    def __init__(self, name: str, options: Target) -> None:
        super().__init__(name, options)
        self.levels_: list[Level] = []
        self.shares_: list[float] = []
        self.register_buffer("temperature", torch.ones(()))
        self.register_buffer("doubt", torch.zeros(()))

    @property
    def outputs(self) -> int:
        return len(self.levels_)

    @property
    def choices(self) -> list[str]:
        return [str(level) for level in self.levels_]

    def _parts(self, column: Column) -> tuple[pl.Series, pl.Series]:
        """Row positions and normalised labels, one pair a label."""
        cells = column.values.cast(pl.String)
        frame = pl.DataFrame(
            {"row": pl.Series(range(len(cells)), dtype=pl.Int64), "label": cells.str.split(self.options.separator)}
        )
        labels = frame.explode("label").drop_nulls("label")
        return labels["row"], normalised(labels["label"])

    def fit(self, column: Column) -> Self:
        _, labels = self._parts(column)
        self.levels_ = levels_of(labels)
        if not self.levels_:
            raise TrainingError(f"Column '{column.name}' has no label among the {len(column)} training rows: fill some in.")
        encoded = self.encode(column)
        counted = encoded.value[encoded.known].mean(dim=0).clamp(0.5 / len(column), 1 - 0.5 / len(column))
        self.shares_ = counted.tolist()
        return self

    def prior(self) -> Tensor:
        return torch.tensor(self.shares_, dtype=torch.float64).logit()

    def encode(self, column: Column) -> Labels:
        rows, labels = self._parts(column)
        codes = codes_of(labels, self.levels_)
        found = codes.is_not_null()
        value = torch.zeros(len(column), self.outputs)
        value[rows.filter(found).to_torch(), codes.filter(found).to_torch()] = 1.0
        return Labels(value, column.values.is_not_null().to_torch())

    def truth(self, column: Column) -> Labels:
        return self.encode(column)

    def strange(self, column: Column) -> pl.Series:
        labels = self._parts(column)[1].drop_nulls()
        return labels.filter(codes_of(labels, self.levels_).is_null())

    def calibrate(self, output: Tensor, labels: Labels, unit: Tensor | None = None) -> None:
        self.doubt.fill_(lasting_doubt(int(labels.known.sum())))
        seen, truth = output[labels.known].double(), labels.value[labels.known].double()
        shares = self.prior().sigmoid()
        counts = torch.stack([truth.sum(dim=0), (1 - truth).sum(dim=0)], dim=1)
        rows = [independent_rows(*pair) for pair in zip(counts, torch.stack([shares, 1 - shares], dim=1), strict=True)]

        def losses(temperature: float) -> Tensor:
            answers = self._shares(seen, temperature).clamp(1e-12, 1 - 1e-12)
            return functional.binary_cross_entropy(answers, truth, reduction="none").mean(dim=1)

        together = None if unit is None else unit[labels.known]
        self.temperature.fill_(cautious_temperature(losses, sorted(rows)[len(rows) // 2], together))

    def answer(self, output: Tensor) -> Tensor:
        return self._shares(output.double(), self.temperature.double())

    def _shares(self, output: Tensor, temperature: float | Tensor) -> Tensor:
        shares = tempered(output, self.prior(), temperature).sigmoid().mean(dim=1)
        return torch.lerp(shares, self.prior().sigmoid().to(shares.dtype).expand_as(shares), self.doubt.to(shares.dtype))

    def grade(self, answer: Tensor, truth: Tensor) -> Grades:
        """An answer is right when it has exactly the true labels."""
        true, given = truth.bool(), answer >= LIKELY
        misfit = (1 - answer.double()).masked_fill(~true, 0.0).amax(dim=1)
        return Grades(misfit, torch.full((len(answer),), -1), self.surety(answer), (true != given).any(dim=1))

    @staticmethod
    def surety(answer: Tensor) -> Tensor:
        """The chance (N,) that all labels are right, if each were right or wrong by itself."""
        return torch.maximum(answer, 1 - answer).double().prod(dim=1)

    def abstention(self, max_error: float) -> Abstention | None:
        if self.held_out is None:
            return None
        return SureEnough.of(self.name, self.held_out, max_error, grade=self.grade, surety=self.surety)

    def cover(self, coverage: float) -> Cover | None:
        if self.held_out is None:
            return None
        return LabelSets.of(self.name, self.choices, self.options.separator, self.held_out, coverage)

    def baseline(self, count: int) -> Tensor:
        return self.prior().sigmoid().expand(count, -1)

    def decode(self, answer: Tensor) -> dict[str, pl.Series]:
        names = [str(level) for level in self.levels_]
        likely = (answer >= LIKELY).tolist()
        joined = [self.options.separator.join(name for name, on in zip(names, row, strict=True) if on) for row in likely]
        columns = {self.name: pl.Series(joined, dtype=pl.String)}
        for position, name in enumerate(names):
            columns[f"{self.name}_probability_{name}"] = pl.Series(answer[:, position].numpy())
        return columns

    def state(self) -> dict[str, Any]:
        return {"levels": self.levels_, "shares": self.shares_}

    def restore(self, state: dict[str, Any]) -> Self:
        self.levels_, self.shares_ = list(state["levels"]), [float(share) for share in state["shares"]]
        return self
