"""Who it is, whether it is somebody new, or that nobody can tell: from scores of look-alikes to calibrated probabilities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, Self

import torch
from torch import Tensor

from injerto.heads.decision_words import basis_words, outcome_words, strangers_words
from injerto.heads.judged import Judged
from injerto.heads.outcome import MAJORITY, Limits, Outcome, limits_of, outcome_of
from injerto.heads.resemblance import Resemblance

Said = Literal["known", "new", "cannot tell"]

MAX_ERROR = 0.10
"""Share of what is said that may be wrong."""
NEW_SHARE = 0.5
"""Of the individuals that are asked about, how many are taken to be new where the user does not say."""


class Decision:
    """Probabilities over individuals and "new", and what to say of them.

    Those of the gallery: a softmax of the scores, as sure of the likeliest as it was right (see `Certainty`), scaled down by
    the chance of being new, which is a logistic line in the best score and its lead (see `Newness`). What is said is limited so
    that at most `max_error` of it is wrong, on queries whose individuals had no part in the fit.
    """

    def __init__(self) -> None:
        self.resemblance = Resemblance()
        self.max_error = MAX_ERROR
        self.queries = {"known": 0, "new": 0}
        self.individuals = {"known": 0, "new": 0}
        self._judge(NEW_SHARE, None)

    def fit(
        self,
        scores: Tensor,
        truth: Tensor,
        groups: Tensor,
        *,
        new_share: float = NEW_SHARE,
        max_error: float = MAX_ERROR,
    ) -> Self:
        """Learn from queries that taught the network nothing.

        Args:
            scores: (Q,I) of every individual of the gallery, -inf where not admitted.
            truth: (Q,) column of the right one, -1 where it is not in the gallery: of individuals held out whole.
            groups: (Q,) a number for each query's individual; limits and figures come from fits on other individuals.
            new_share: of the individuals asked about, how many are new.
            max_error: share of what is said that may be wrong.

        A query whose own individual is not admitted teaches nothing, nor does one to which nobody is. *Raises* ValueError
        for lengths that differ, codes beyond the columns, NaN, and shares that do not lie between 0 and 1.
        """
        _check_fit(scores, truth, groups)
        _check_share("max_error", max_error)
        _check_share("new_share", new_share)
        self.max_error = max_error
        usable = _usable(scores, truth)
        scores, truth, groups = scores[usable].double(), truth[usable].long(), groups[usable]
        kinds = {"known": truth >= 0, "new": truth < 0}
        self.queries = {kind: int(rows.sum()) for kind, rows in kinds.items()}
        self.individuals = {kind: len(groups[rows].unique()) for kind, rows in kinds.items()}
        self.resemblance = Resemblance.fit(scores, truth)
        # What lacks known queries has nothing to be judged by, and what lacks new ones is judged on names alone.
        return self._judge(new_share, Judged.by_others(scores, truth, groups))

    def with_share(self, share: float) -> Decision:
        """The same decision where another `share` of the individuals is new: its limits and figures are chosen anew.

        *Raises* ValueError for a share that does not lie between 0 and 1.
        """
        _check_share("The share of new individuals", share)
        return Decision().restore({**self.state(), "share": share})

    def with_max_error(self, max_error: float) -> Decision:
        """The same decision where another share of what is said may be wrong: its limits and figures are chosen anew.

        *Raises* ValueError for a share that does not lie between 0 and 1.
        """
        _check_share("max_error", max_error)
        return Decision().restore({**self.state(), "max_error": max_error})

    @property
    def can_tell_new(self) -> bool:
        """Whether it was ever shown how a stranger scores, and how a known individual does."""
        return self.resemblance.newness is not None

    def probabilities(self, scores: Tensor) -> Tensor:
        """Scores (Q,I) of every individual, -inf where not admitted, to float64 probabilities (Q,I+1), the last of being new.

        Rows sum to 1. The exception are queries to which nobody is admitted: as nothing was compared, they have the share
        of new individuals, at most a half, and no name. *Raises* ValueError for NaN.
        """
        _check_scores(scores)
        return self.chances(scores)

    def chances(self, scores: Tensor) -> Tensor:
        """As `probabilities`, of scores that are known to be numbers."""
        scores = scores.double()
        told = (self.resemblance.log_odds(scores) + math.log(self.share / (1 - self.share))).sigmoid()
        new = torch.where(told.isnan(), min(self.share, MAJORITY), told)
        return torch.cat([self.resemblance.closed(scores) * (1 - new)[:, None], new[:, None]], dim=1)

    @staticmethod
    def plain(scores: Tensor) -> Tensor:
        """Scores (Q,I) to what is said where no query ever told how sure to be: a softmax of the usual scale, and somebody new
        by what the likeliest name leaves, (Q,I+1) as `probabilities` gives them. Where nobody is admitted, new is a half.

        *Source*: Hendrycks and Gimpel, A Baseline for Detecting Misclassified and Out-of-Distribution Examples, ICLR 2017.
        """
        _check_scores(scores)
        closed = Resemblance().closed(scores.double())
        new = (
            torch.where(closed.any(dim=1), 1 - closed.amax(dim=1), MAJORITY)
            if closed.shape[1]
            else closed.sum(dim=1) + MAJORITY
        )
        return torch.cat([closed * (1 - new)[:, None], new[:, None]], dim=1)

    def decide(self, probabilities: Tensor) -> list[Said]:
        """What to say of each row of `probabilities` (Q,I+1); whoever is "known" is the likeliest individual."""
        new = probabilities[:, -1]
        best = probabilities[:, :-1].amax(dim=1) if probabilities.shape[1] > 1 else torch.zeros_like(new)
        known = (best >= self.limits.known_from) & (best > MAJORITY)
        fresh = (new >= self.limits.new_from) & (new > MAJORITY)
        return [
            "known" if is_known else "new" if is_new else "cannot tell" for is_known, is_new in zip(known, fresh, strict=True)
        ]

    @staticmethod
    def together(scores: Tensor) -> Tensor:
        """One score an individual (I,) for photos (P,I) of one sighting: its mean over the photos that it is admitted to.

        A mean lies on the scale of one photo, which all was fitted on: what is true stays about where it is, chance
        look-alikes sink, so that probabilities err on the careful side. NOTE tried and refused, on sightings of 3 and 6
        made-up photos: chances multiplied, as if photos of one pose and light were independent (log loss 0.52 and 0.71,
        against 0.23 and 0.20 of the mean and 0.48 of one photo), and the highest score of all, which grows with their number
        (of what it names 4 % is wrong for six photos, against 0.6 %); a little better where photos are nearly the same.
        """
        _check_scores(scores)
        admitted = ~scores.isneginf()
        count = admitted.sum(dim=0)
        total = torch.where(admitted, scores, 0.0).sum(dim=0)
        return torch.where(count > 0, total / count.clamp_min(1), -math.inf)

    @property
    def words(self) -> str:
        """How often it says what, and how often wrongly; what it cannot say."""
        basis = basis_words(self.queries, self.individuals, self.share, can_tell_new=self.can_tell_new)
        told = outcome_words(self.outcome, self.limits, basis, max_error=self.max_error, can_tell_new=self.can_tell_new)
        return f"{strangers_words(self.can_tell_new, self.queries)} {told}".strip()

    def state(self) -> dict[str, Any]:
        """All of it as JSON; `limits`, `outcome` and `words` follow from the rest, and are there for those who read it."""
        return {
            "resemblance": self.resemblance.state(),
            "share": self.share,
            "max_error": self.max_error,
            "queries": dict(self.queries),
            "individuals": dict(self.individuals),
            "judged": None if self.judged is None else self.judged.state(),
            "can_tell_new": self.can_tell_new,
            "limits": self.limits.state(),
            "outcome": None if self.outcome is None else self.outcome.state(),
            "words": self.words,
        }

    def restore(self, state: Mapping[str, Any]) -> Self:
        """The decision that `state` was taken of."""
        self.resemblance = Resemblance.restore(state["resemblance"])
        self.max_error = float(state["max_error"])
        self.queries = {str(kind): int(count) for kind, count in state["queries"].items()}
        self.individuals = {str(kind): int(count) for kind, count in state["individuals"].items()}
        return self._judge(float(state["share"]), None if state["judged"] is None else Judged.restore(state["judged"]))

    def _judge(self, share: float, judged: Judged | None) -> Self:
        """Choose limits and take figures for `share`."""
        self.share, self.judged = share, judged
        self.outcome: Outcome | None = None
        self.limits = Limits(1 - self.max_error, 1 - self.max_error, checked=False)
        if judged is not None:
            self.limits = limits_of(judged, share, self.max_error)
            self.outcome = outcome_of(judged, share, self.max_error)
        return self


def _usable(scores: Tensor, truth: Tensor) -> Tensor:
    """Which queries (Q,) somebody is admitted to, and, of the known, their own individual."""
    if not scores.shape[1]:
        return torch.zeros(len(scores), dtype=torch.bool)
    own = scores.gather(1, truth.long().clamp_min(0)[:, None])[:, 0]
    return ~scores.isneginf().all(dim=1) & ~((truth >= 0) & own.isneginf())


def _check_share(what: str, share: float) -> None:
    if not 0 < share < 1:
        raise ValueError(f"{what} is {share}; it must lie between 0 and 1.")


def _check_scores(scores: Tensor) -> None:
    if scores.dim() != 2:
        raise ValueError(f"Scores have the shape {tuple(scores.shape)}; give (queries, individuals).")
    if bool(scores.isnan().any()):
        raise ValueError("Some scores are not numbers (NaN): a vector of a photo or of the gallery is broken.")


def _check_fit(scores: Tensor, truth: Tensor, groups: Tensor) -> None:
    _check_scores(scores)
    if not len(scores) == len(truth) == len(groups):
        raise ValueError(
            f"There are {len(scores)} queries, {len(truth)} true individuals and {len(groups)} groups; give one each a query."
        )
    if len(truth) and not -1 <= int(truth.min()) <= int(truth.max()) < scores.shape[1]:
        raise ValueError(f"True individuals must be -1, or the number of one of the {scores.shape[1]} columns.")
