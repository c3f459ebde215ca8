"""The contract of every target: labels in, answers out in the user's units."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import polars as pl
import torch
from torch import Tensor, nn

from injerto.heads.abstention import Abstention
from injerto.heads.conformal import rows_needed
from injerto.heads.cover import Cover
from injerto.schema.schema import Target
from injerto.table.column import Column
from injerto.table.table import Table


@dataclass(frozen=True)
class Labels:
    """Encoded labels (N, ...) and which of them are known (N,). A missing label costs nothing."""

    value: Tensor
    known: Tensor
    mixed: Mixed | None = None
    """While learning: what else is heard or seen in these rows."""
    weight: Tensor | None = None
    """How much each row (N,) counts in a loss; None where all count alike."""

    def take(self, indices: Tensor) -> Labels:
        """The labels at `indices`."""
        weight = None if self.weight is None else self.weight.index_select(0, indices)
        return Labels(self.value.index_select(0, indices), self.known.index_select(0, indices), weight=weight)

    def part(self, rows: slice) -> Labels:
        """The labels of neighbouring rows, without a copy."""
        weight = None if self.weight is None else self.weight[rows]
        return Labels(self.value[rows], self.known[rows], weight=weight)

    def each(self, change: Callable[[Tensor], Tensor]) -> Labels:
        """The same labels with every tensor changed."""
        mixed = None if self.mixed is None else Mixed(self.mixed.labels.each(change), self.mixed.share)
        weight = None if self.weight is None else change(self.weight)
        return Labels(change(self.value), change(self.known), mixed, weight)

    def where(self, mask: Tensor) -> Labels:
        """The labels of the rows that `mask` (N,) bool marks."""
        return self.take(mask.nonzero()[:, 0])


@dataclass(frozen=True)
class Mixed:
    """Labels of rows that lie over others, which keep `share` of the picture or the sound."""

    labels: Labels
    share: float


class Head(nn.Module, ABC):
    """One target: from its column to labels, and from outputs to answers."""

    kind: ClassVar[str]
    strange_words: ClassVar[str] = "The model has never seen these classes of '{}' and cannot answer them"
    """What labels that are `strange` are to the target of a name, in words."""
    strange_fate: ClassVar[str] = "are left out of the figures"
    """What becomes of them, in words."""
    abstains: ClassVar[bool] = False
    """Whether its answers are right or wrong, so that a share of errors can be asked for."""
    covers: ClassVar[bool] = False
    """Whether something can be said that holds the truth in a share of rows."""

    def __init__(self, name: str, options: Target) -> None:
        super().__init__()
        self.name = name
        self.options = options

    def reads(self, columns: Sequence[str]) -> list[str]:
        """The columns that must hold labels, in a table of `columns`."""
        return [self.name]

    def unsaid(self, columns: Sequence[str]) -> str:
        """What of the labels a table of `columns` can say nothing about, in a sentence; mostly there is nothing."""
        return ""

    def column(self, table: Table) -> Column:
        """The labels as one column. *Raises* ColumnError when a column that holds them is not in `table`."""
        return table.column(self.name)

    @property
    def cost(self) -> str:
        """The loss its answers are trained by, a key of `LOSSES`."""
        return self.kind

    @abstractmethod
    def fit(self, column: Column) -> Self:
        """Learn levels or scale from training rows only. *Raises* TrainingError when nothing can be learned."""

    @abstractmethod
    def encode(self, column: Column) -> Labels:
        """Labels as tensors; what is missing, or not seen in training, is masked, not guessed."""

    @abstractmethod
    def truth(self, column: Column) -> Labels:
        """Labels as the metrics compare them with answers: in the user's units, unseen classes known and wrong."""

    @abstractmethod
    def strange(self, column: Column) -> pl.Series:
        """The labels, one an occurrence, that training did not show, so that no answer can be them."""

    @abstractmethod
    def answer(self, output: Tensor) -> Tensor:
        """Outputs (N, ...) to calibrated answers as the metrics of this kind take them."""

    def trusted(self, output: Tensor, trust: Tensor | None) -> Tensor:
        """Answers, those of rows with little `trust` (N,) drawn towards the baseline; a number has no certainty to lose."""
        answer = self.answer(output)
        if trust is None or answer.ndim == 1:
            return answer
        return torch.lerp(self.baseline(len(answer)).to(answer.dtype), answer, trust.to(answer.dtype)[:, None])

    @abstractmethod
    def baseline(self, count: int) -> Tensor:
        """The same answer for `count` rows from the training labels alone: what any model must beat."""

    def placed(self, answer: Tensor, table: Table) -> Tensor:
        """Answers in the units of the rows of `table`, which may hold no labels; most kinds have one unit for all rows."""
        return answer

    @abstractmethod
    def decode(self, answer: Tensor) -> dict[str, pl.Series]:
        """Answers to the columns a user reads, in the user's units."""

    @property
    def parts(self) -> list[str]:
        """What a label consists of, where figures of each part are wanted: the second axis of truth and answers."""
        return []

    @property
    def choices(self) -> list[str]:
        """What an answer can name: classes, labels, points, individuals; a number names nothing."""
        return []

    @property
    def rows_held_out(self) -> tuple[int, float] | None:
        """By how many rows promises are made and how many of them come together; None where none were kept."""
        return None

    def rows_needed(self, share_wrong: float) -> int:
        """By how many rows it could be promised at the least that a share `share_wrong` is wrong, or lies outside."""
        return rows_needed(share_wrong, self.rows_held_out[1] if self.rows_held_out else 1.0)

    def abstention(self, max_error: float) -> Abstention | None:
        """By which rule at most `max_error` of what is answered is wrong; None where too few rows were held out."""
        return None

    def cover(self, coverage: float) -> Cover | None:
        """What holds the truth in a share `coverage` of rows; None where too few rows were held out."""
        return None

    def told(self) -> dict[str, Any]:
        """What a report says of the target beside what `state` holds, as JSON; mostly nothing."""
        return {}

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """What `fit` learned, as JSON."""

    @abstractmethod
    def restore(self, state: dict[str, Any]) -> Self:
        """Take over what `state` gave."""
