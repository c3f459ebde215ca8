"""How sure the likeliest name is: corrected by how often it was right, beside what the softmax of scores says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor

_STEPS = 30
_EDGE = 1e-9
_HAIR = 1e-6


@dataclass(frozen=True)
class Certainty:
    """The log odds of the likeliest name times `slope` plus `offset`; what is left is shared by the others as before.

    One scale for all scores has to do for queries whose individual lies among many by chance, and for those that are told
    plainly: it makes the latter less sure than they are right. On 359 tune photos of right whales, out of fold, the calibration
    error went from 0.072 to 0.037 and log loss from 2.196 to 2.173. NOTE tried there, too: an offset alone (0.073, 2.192), the
    scale of the least Brier score (0.058, 2.209), a fitted share spread evenly (0.072, 2.192).

    *Source*: Platt 1999, Probabilistic Outputs for Support Vector Machines, section 2; with a normal prior of one around what
    changes nothing, which few queries do not leave.
    """

    slope: float = 1.0
    offset: float = 0.0

    @classmethod
    def fit(cls, closed: Tensor, truth: Tensor) -> Self:
        """From probabilities (Q,I) of queries whose individual, column `truth` (Q,), is among them."""
        if not len(closed) or not closed.shape[1]:
            return cls()
        sure, best = closed.max(dim=1)
        open_ = (sure > 0) & (sure < 1 - _EDGE)
        odds, right = torch.logit(sure[open_], _EDGE).double(), (best == truth)[open_].double()
        design = torch.stack([odds, torch.ones_like(odds)], dim=1)
        start = torch.tensor([1.0, 0.0], dtype=torch.float64)
        line = start.clone()
        for _ in range(_STEPS):
            chance = (design @ line).sigmoid()
            slope = design.T @ (chance - right) + (line - start)
            bend = design.T @ (design * (chance * (1 - chance))[:, None]) + torch.eye(2, dtype=torch.float64)
            step = torch.linalg.solve(bend, slope)
            line = line - step / max(1.0, float(step.norm()))  # Newton's step may overshoot
            if float(step.norm()) < _EDGE:
                break
        return cls(float(line[0]), float(line[1])) if line[0] > 0 else cls()

    def corrected(self, closed: Tensor, doubt: float) -> Tensor:
        """Probabilities (Q,I), none surer than 1 - `doubt`; whoever was the likeliest stays so."""
        if closed.shape[1] < 2 or self == Certainty():
            return closed
        (sure, second), (best, _) = (part.unbind(dim=1) for part in closed.topk(2, dim=1))
        told = (self.slope * torch.logit(sure, _EDGE) + self.offset).sigmoid().clamp_max(1 - doubt)
        told = torch.maximum(told, torch.lerp(second / (second + 1 - sure), sure, _HAIR))
        changes = (sure > 0) & (sure < 1 - _EDGE)
        others = torch.where(changes, (1 - told) / (1 - sure).clamp_min(_EDGE), 1.0)
        found = closed * others[:, None]
        return found.scatter(1, best[:, None], torch.where(changes, told, sure)[:, None])

    @classmethod
    def restore(cls, state: Mapping[str, Any] | None) -> Self:
        """What was kept; models of before have none."""
        return cls() if state is None else cls(float(state["slope"]), float(state["offset"]))
