"""Queries as they are answered by a fit that has not seen their individuals: what limits and figures are taken from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from injerto.heads.resemblance import Resemblance

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

FOLDS = 5
MOST = 3000
"""Queries that are kept: they travel with the model, so that limits can be chosen anew."""
DIGITS = {"log_odds": 4, "chance": 6}


@dataclass(frozen=True)
class Judged:
    """Queries (n,)."""

    log_odds: Floats
    """Of being new, where as many are new as known; -inf where new individuals cannot be told."""
    chance: Floats
    """Of the likeliest name, if the individual is in the gallery."""
    right: Flags
    """Whether that is its name."""
    new: Flags
    fold: Codes

    @classmethod
    def by_others(cls, scores: Tensor, truth: Tensor, groups: Tensor) -> Self | None:
        """Scores (Q,I) and truth (Q,) as `Resemblance` learns from them, each answered without those of its fold; folds keep
        the queries of a group (Q,) together. None where there are not two groups of every kind that there is.
        """
        fold = _folds(truth, groups)
        if fold is None:
            return None
        log_odds, chance = torch.zeros(len(truth), dtype=scores.dtype), torch.zeros(len(truth), dtype=scores.dtype)
        right = torch.zeros(len(truth), dtype=torch.bool)
        for place in fold.unique().tolist():
            own = fold == place
            fitted = Resemblance.fit(scores[~own], truth[~own])
            log_odds[own] = fitted.log_odds(scores[own])
            chance[own], best = fitted.closed(scores[own]).max(dim=1)
            right[own] = best == truth[own]
        # Rounded as they are kept, so that limits are the same before a model is saved and after.
        told, sure = log_odds.numpy().round(DIGITS["log_odds"]), chance.numpy().round(DIGITS["chance"])
        judged = cls(told, sure, right.numpy(), (truth < 0).numpy(), fold.numpy())
        if len(truth) <= MOST:
            return judged
        # Known and new each in their order, at even steps: both kinds stay in their shares.
        order = np.argsort(judged.new, kind="stable")
        return judged.take(order[np.linspace(0, len(truth) - 1, MOST).astype(np.int64)])

    def take(self, rows: Codes | Flags) -> Self:
        """Some of the queries."""
        return type(self)(self.log_odds[rows], self.chance[rows], self.right[rows], self.new[rows], self.fold[rows])

    def counting(self, share: float) -> Floats:
        """How much each query counts, one on average, where `share` of the individuals are new."""
        count, new = len(self.new), int(self.new.sum())
        if not 0 < new < count:
            return np.ones(count)
        return np.where(self.new, share * count / new, (1 - share) * count / (count - new))

    def chance_of_new(self, share: float) -> Floats:
        """The chance of being new (n,), where `share` of the individuals are."""
        return np.asarray(torch.from_numpy(self.log_odds + math.log(share / (1 - share))).sigmoid().numpy())

    def state(self) -> dict[str, Any]:
        """As JSON."""
        told = np.isfinite(self.log_odds).all()
        return {
            "log_odds": [round(float(value), DIGITS["log_odds"]) for value in self.log_odds] if told else None,
            "chance": [round(float(value), DIGITS["chance"]) for value in self.chance],
            "right": self.right.astype(int).tolist(),
            "new": self.new.astype(int).tolist(),
            "fold": self.fold.tolist(),
        }

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """What `state` was taken of."""
        chance, told = np.array(state["chance"], dtype=np.float64), state["log_odds"]
        log_odds = np.full(len(chance), -math.inf) if told is None else np.array(told, dtype=np.float64)
        right, new = (np.array(state[name], dtype=bool) for name in ("right", "new"))
        return cls(log_odds, chance, right, new, np.array(state["fold"], dtype=np.int64))


def _folds(truth: Tensor, groups: Tensor) -> Tensor | None:
    """A fold (Q,) for each query; known and new groups are dealt one after the other, so that every fold has of both."""
    known = truth >= 0
    if not bool(known.any()):
        return None
    fold = torch.zeros(len(truth), dtype=torch.int64)
    for rows in (known, ~known):
        codes, place = groups[rows].unique(return_inverse=True)
        if len(codes) == 1:
            return None
        fold[rows] = place % FOLDS
    return fold
