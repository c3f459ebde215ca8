"""The promises that go into a graph: their limits are numbers that are known when it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from injerto.heads.abstention import SureEnough
from injerto.heads.answer_layout import CHANCES, NEW
from injerto.heads.cover import ClassSets, LabelSets
from injerto.heads.head import Head
from injerto.heads.named_or_new import NamedOrNew
from injerto.promises import Promises, promises_of


@dataclass(frozen=True)
class Asked:
    """Shares between 0 and 1, or None: what `injerto predict` calls --max-error and --coverage."""

    max_error: float | None = None
    coverage: float | None = None

    def of(self, heads: Mapping[str, Head]) -> Promises:
        """*Raises* PromiseError when they cannot be promised."""
        return promises_of(heads, max_error=self.max_error, coverage=self.coverage)


NOTHING = Promises()


def on_the_edge(promises: Promises, name: str, answer: Tensor, within: float) -> dict[str, Tensor]:
    """By column of what is promised of `name`, the rows (N,) bool whose words would be others, had a probability of the
    answers (N,K) been another by `within`: limits are probabilities of held-out rows, and such a row lies on one.
    """
    found: dict[str, Tensor] = {}
    rule, cover = promises.abstentions.get(name), promises.covers.get(name)
    if isinstance(rule, SureEnough):
        # How sure the labels are is a product of as many probabilities.
        found[f"{name}_decision"] = (rule.surety(answer) - rule.start).abs() <= within * answer.shape[1]
    if isinstance(rule, NamedOrNew):
        limits = rule.decision.limits
        known, new = answer[:, CHANCES.start] - limits.known_from, answer[:, NEW] - limits.new_from
        edge = (known.abs() <= within) | (new.abs() <= within)
        found |= {name: edge, f"{name}_decision": edge}
    if isinstance(cover, ClassSets):
        edge = _near(1 - answer.double(), cover.limits, within)
        within_set = answer.double().masked_fill(~cover.inside(answer), torch.nan).sort(dim=1).values
        alike = (within_set.diff(dim=1) <= within).any(dim=1)  # of two that are equally likely, either may be said first
        found |= {f"{name}_set": edge | alike, f"{name}_set_size": edge}
    if isinstance(cover, LabelSets):
        edge = _near(1 - answer.double(), torch.tensor(cover.limit), within)
        found |= {f"{name}_set": edge, f"{name}_set_size": edge}
    return found


def _near(misfit: Tensor, limits: Tensor, within: float) -> Tensor:
    return ((misfit - limits).abs() <= within).any(dim=1)
