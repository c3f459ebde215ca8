"""What is kept of the rows that taught a model: some of them, column by column, with how strange each is to the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

import torch
from torch import Tensor

from injerto.reference import REFERENCES
from injerto.reference.answers import AnswerReference
from injerto.reference.column import ColumnReference
from injerto.reference.usual import Usual
from injerto.schema.schema import Input, InputKind

MOST_ROWS = 2000
"""Rows that are kept at most: 8 KB for a column of numbers, 5 MB for photos whose vectors have 1,280 values."""


@dataclass
class Reference:
    """The kept rows of a model. `units` (M,) int64: rows of one unit belong together and are no witnesses of each other."""

    columns: dict[str, ColumnReference]
    """By name, each a column the model reads."""
    units: Tensor
    usual: Usual
    """How surprising each kept row is as a whole: as its strangest column."""
    total: int
    """Rows that taught and could be used, of which some are kept."""
    answers: dict[str, AnswerReference] = field(default_factory=dict)
    """By target, what the model answered to rows kept apart."""

    @property
    def telling(self) -> dict[str, ColumnReference]:
        """The columns that make a row strange."""
        return {name: one for name, one in self.columns.items() if one.tells_of_rows}

    def state(self) -> dict[str, Any]:
        """All but the tensors, as JSON."""
        return {
            "rows": self.total,
            "columns": [{"name": name, "never_empty": one.never_empty} for name, one in self.columns.items()],
            "answers": [{"name": name, "kind": one.kind, "choices": one.choices} for name, one in self.answers.items()],
        }

    def tensors(self) -> dict[str, Tensor]:
        """All tensors, by place rather than by name: a column may be called anything."""
        found = {"units": self.units, "usual": self.usual.scores}
        for place, column in enumerate(self.columns.values()):
            found |= {f"column{place}.{key}": value.contiguous() for key, value in column.tensors.items()}
        for place, answer in enumerate(self.answers.values()):
            found |= {f"answer{place}.cells": answer.cells, f"answer{place}.units": answer.units}
        return found

    @classmethod
    def restore(cls, state: dict[str, Any], tensors: dict[str, Tensor], kinds: dict[str, InputKind]) -> Self:
        """Take over what `state` and `tensors` gave; `kinds` are those of the columns."""
        columns = {
            one["name"]: REFERENCES[kinds[one["name"]]]().restore(
                _under(f"column{place}.", tensors), never_empty=bool(one["never_empty"])
            )
            for place, one in enumerate(state["columns"])
        }
        answers = {
            one["name"]: AnswerReference(one["kind"], list(one["choices"]), **_under(f"answer{place}.", tensors))
            for place, one in enumerate(state["answers"])
        }
        return cls(columns, tensors["units"], Usual(tensors["usual"]), int(state["rows"]), answers)


def kinds_of(inputs: dict[str, Input]) -> dict[str, InputKind]:
    """The kinds of the columns a model reads."""
    return {name: one.kind for name, one in inputs.items()}


def surprise_of(found: list[Tensor], rows: int) -> Tensor:
    """How surprising rows (N,) are whose columns are each surprising to some degree (N,): as the strangest of them."""
    return torch.stack(found).amax(dim=0) if found else torch.zeros(rows, dtype=torch.float64)


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
