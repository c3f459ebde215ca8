"""How likely it is that an individual is new, from how well the best look-alike fits and how far it leads."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

_STEPS = 100
_FLAT = 1e-9


@dataclass(frozen=True)
class Newness:
    """The log odds of being new, where as many individuals are new as are known: a line in two pieces of evidence.

    `best` and `lead` are never above 0, so that a higher best score never makes a newcomer more likely.

    NOTE tried and refused, on made-up centres on a sphere (30 held out; 50, 350 and 3,000 in the gallery): the best score alone
    and the soft maximum of all scores, which take a grown gallery's better look-alikes for the same individual (fitted at 350,
    asked at 3,000: balanced accuracy 0.77 and 0.61, against 0.85); the lead over the second alone (0.83); three weights (0.85).
    """

    offset: float
    best: float
    lead: float
    most: float
    """The log odds stay within this of 0: what the judged queries cannot rule out, even if all of them were told right."""

    @classmethod
    def fit(cls, evidence: Tensor, new: Tensor) -> Self:
        """From `evidence` (Q,2) of queries that taught nothing, and which of them (Q,) bool were `new`; both kinds are needed,
        and weigh the same. *Raises* ValueError when one kind lacks.
        """
        count_new, count = int(new.sum()), len(new)
        if not 0 < count_new < count:
            raise ValueError("Newness needs queries of known individuals and of new ones.")
        fewer = min(count_new, count - count_new)
        weight = torch.where(new, fewer / count_new, fewer / (count - count_new)).double()
        middle = (weight[:, None] * evidence).sum(dim=0) / weight.sum()
        spread = ((weight[:, None] * (evidence - middle).square()).sum(dim=0) / weight.sum()).sqrt().clamp_min(_FLAT)
        ones = torch.ones(count, 1, dtype=torch.float64)
        scaled = torch.cat([ones, ((evidence - middle) / spread)], dim=1)
        found = (_fitted(scaled, new.double(), weight, kept) for kept in ((1, 2), (1,), (2,), ()))
        allowed = [(loss, line) for loss, line in found if bool((line[1:] <= 0).all())]
        line = min(allowed, key=lambda one: one[0])[1]
        slopes = line[1:] / spread
        return cls(float(line[0] - (slopes * middle).sum()), float(slopes[0]), float(slopes[1]), math.log(count + 1))

    def log_odds(self, evidence: Tensor) -> Tensor:
        """The log odds (Q,) of being new, by evidence (Q,2)."""
        told = self.offset + self.best * evidence[:, 0] + self.lead * evidence[:, 1]
        return told.clamp(-self.most, self.most)


def evidence_of(scores: Tensor, scale: float) -> Tensor:
    """Of scores (Q,I), -inf where not admitted: the best one, and its lead over the soft maximum of all others, both (Q,2).

    The soft maximum grows with the gallery as the best score of a stranger does. Where only one individual is admitted nothing
    is known of the others: their best is taken for the query's own, a lead of 0. Without any, both are NaN.
    """
    best, place = scores.max(dim=1, keepdim=True)
    others = scores.scatter(1, place, -math.inf)
    soft = torch.logsumexp(scale * others, dim=1, keepdim=True) / scale
    alone = soft.isneginf()
    lead = torch.where(alone, torch.zeros_like(best), best - soft)
    return torch.cat([best, lead], dim=1).masked_fill(best.isneginf(), math.nan)


def _fitted(scaled: Tensor, new: Tensor, weight: Tensor, kept: tuple[int, ...]) -> tuple[float, Tensor]:
    """Penalised logistic regression on the columns `kept` beside the first, by Newton's method: its loss and its line (3,).

    The penalty is half the squared slopes, beside a loss summed over twice as many queries as there are of the rarer kind:
    with few of them the line stays near even odds.
    """
    columns = [0, *kept]
    some = scaled[:, columns]
    ridge = torch.diag(torch.tensor([1e-6, *itertools.repeat(1.0, len(kept))], dtype=torch.float64))
    line = torch.zeros(len(columns), dtype=torch.float64)

    def loss(line: Tensor) -> Tensor:
        each = torch.nn.functional.binary_cross_entropy_with_logits(some @ line, new, weight, reduction="sum")
        return each + 0.5 * line @ ridge @ line

    now = loss(line)
    for _ in range(_STEPS):
        chance = (some @ line).sigmoid()
        slope = some.t() @ (weight * (chance - new)) + ridge @ line
        bend = some.t() @ (some * (weight * chance * (1 - chance))[:, None]) + ridge
        step = torch.linalg.solve(bend, slope)
        while float(loss(line - step)) > float(now) and float(step.norm()) > _FLAT:
            step = step / 2  # Newton's step may overshoot where the classes part well
        line, before = line - step, now
        now = loss(line)
        if float(before - now) < _FLAT:
            break
    full = torch.zeros(3, dtype=torch.float64)
    full[columns] = line
    return float(now), full
