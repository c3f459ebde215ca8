"""What a model answered to rows that were kept apart, so that the answers to new rows can be held against them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from injerto.features.levels import PADDING
from injerto.heads.several_classes import LIKELY


@dataclass(frozen=True)
class AnswerReference:
    """Of a target of `kind`: `cells` (M,...) as `ANSWER_CELLS` makes them of answers, and the unit (M,) of each row."""

    kind: str
    choices: list[str]
    """The name of each id, where cells are ids."""
    cells: Tensor
    units: Tensor


def likeliest(answer: Tensor) -> Tensor:
    """Probabilities (N,K) to the id (N,1) int32 of the likeliest class."""
    return answer.argmax(dim=1, keepdim=True).int()


def all_likely(answer: Tensor) -> Tensor:
    """Probabilities (N,K) to the ids (N,K) int32 of all labels that are answered, -1 in the other places."""
    ids = torch.arange(answer.shape[1], dtype=torch.int32).expand(answer.shape)
    return torch.where(answer >= LIKELY, ids, PADDING)


def number(answer: Tensor) -> Tensor:
    """Numbers (N,) as they are."""
    return answer.double()


ANSWER_CELLS: dict[str, Callable[[Tensor], Tensor]] = {"class": likeliest, "classes": all_likely, "number": number}
"""By kind of target. Points and individuals are answers that no share and no middle sums up."""
