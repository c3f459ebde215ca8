"""What scores of look-alikes are worth: a probability for each individual of the gallery, and the log odds of a new one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

import torch
from torch import Tensor
from torch.nn import functional

from injerto.heads.certainty import Certainty
from injerto.heads.newness import Newness, evidence_of
from injerto.heads.temperature import best_temperature, lasting_doubt

USUAL_SCALE = 20.0
"""What cosines are multiplied by before queries say better; those of networks that learn by angles lie near it."""


@dataclass(frozen=True)
class Resemblance:
    """Fitted on queries that taught the network nothing."""

    scale: float = USUAL_SCALE
    """What a score is multiplied by, before the softmax."""
    doubt: float = 0.0
    """The share of probability that is spread evenly, as queries were too few to rule it out."""
    newness: Newness | None = None
    """None where no query of a new individual was there, or none of a known one."""
    certainty: Certainty = field(default_factory=Certainty)
    """How sure the likeliest name is."""

    @classmethod
    def fit(cls, scores: Tensor, truth: Tensor) -> Self:
        """From scores (Q,I) of every individual and the column of the right one (Q,), -1 for a new individual."""
        known = truth >= 0
        scale = _fitted_scale(scores[known], truth[known])
        both = bool(known.any()) and not bool(known.all())
        newness = Newness.fit(evidence_of(scores, scale), ~known) if both else None
        plain = cls(scale, lasting_doubt(int(known.sum())), newness)
        return replace(plain, certainty=Certainty.fit(plain.closed(scores[known]), truth[known]))

    def closed(self, scores: Tensor) -> Tensor:
        """Probabilities (Q,I) if the individual is in the gallery; rows of 0 where nobody is admitted."""
        admitted = ~scores.isneginf()
        even = (admitted / admitted.sum(dim=1, keepdim=True).clamp_min(1)).to(scores.dtype)
        chances = torch.lerp((scores * self.scale).softmax(dim=1).nan_to_num(0.0), even, self.doubt)
        return self.certainty.corrected(chances, self.doubt)

    def log_odds(self, scores: Tensor) -> Tensor:
        """Of being new (Q,), at even shares; -inf where new ones cannot be told, NaN where nobody is admitted."""
        if self.newness is None or not scores.shape[1]:
            return torch.full((len(scores),), -math.inf if self.newness is None else math.nan, dtype=scores.dtype)
        return self.newness.log_odds(evidence_of(scores, self.scale))

    def state(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """What `state` was taken of."""
        newness = None if state["newness"] is None else Newness(**state["newness"])
        return cls(float(state["scale"]), float(state["doubt"]), newness, Certainty.restore(state.get("certainty")))


def _fitted_scale(scores: Tensor, truth: Tensor) -> float:
    """The scale of known queries (Q,I) with the least log loss, drawn towards the usual one where they are few: being e times
    off costs half a nat."""

    def cost(temperature: float) -> float:
        habit = 0.5 * math.log(temperature) ** 2
        if not len(scores):
            return habit
        return habit + float(functional.cross_entropy(scores * (USUAL_SCALE / temperature), truth, reduction="sum"))

    return USUAL_SCALE / best_temperature(cost, math.inf)
