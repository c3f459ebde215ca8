"""What a model promises of its answers to new rows: few errors among those it gives, or sets and intervals that hold the truth.

Both are counted from rows that were held out in training, and hold where new rows come from where those came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.errors import PromiseError
from injerto.heads.abstention import Abstention, selective_risk
from injerto.heads.cover import Cover
from injerto.heads.head import Head
from injerto.heads.vector_head import VectorHead
from injerto.metrics.intervals import moved
from injerto.metrics.resampling import Resampling

DRAWS = 200
_NOT_HELD = (
    "This model was trained by a version of Injerto that kept no held-out rows, so it can promise nothing. "
    "Train it again with the same table and schema."
)


@dataclass(frozen=True)
class Promises:
    """By target: which answers are given, and what is said that holds the truth; `notes` are what a person should know."""

    abstentions: Mapping[str, Abstention] = field(default_factory=dict)
    covers: Mapping[str, Cover] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def columns(self, name: str, answer: Tensor) -> dict[str, pl.Series]:
        """What stands beside, or in place of, the answers (N,...) to the target `name`."""
        found: dict[str, pl.Series] = {}
        if name in self.covers:
            found |= self.covers[name].columns(answer)
        if name in self.abstentions:
            found |= self.abstentions[name].columns(answer)
        return found


def promises_of(heads: Mapping[str, Head], *, max_error: float | None = None, coverage: float | None = None) -> Promises:
    """What `heads` promise: that at most a share `max_error` of what they answer is wrong, in expectation; that what they say
    holds the truth in a share `coverage` of rows.

    *Raises* PromiseError for shares that do not lie between 0 and 1, kinds of targets that have no such promise, models without
    held-out rows, and fewer of them than the promise needs.
    """
    for option, share in (("max_error", max_error), ("coverage", coverage)):
        require_share(option, share)
    abstentions, covers, notes = {}, {}, []
    if max_error is not None:
        able = _able({name: head.abstains for name, head in heads.items()}, heads, _NO_ERRORS)
        for name in able:
            rule = heads[name].abstention(max_error)
            abstentions[name] = rule if rule is not None else refuse(heads[name], max_error, f"{max_error:.3g} errors")
        notes += [f"'{name}': {rule.words}" for name, rule in abstentions.items()]
        notes += [f"'{name}' is left as it is: {_NO_ERRORS[heads[name].kind]}" for name in heads if name not in able]
    if coverage is not None:
        able = _able({name: head.covers for name, head in heads.items()}, heads, _NO_SETS)
        for name in able:
            cover = heads[name].cover(coverage)
            covers[name] = cover if cover is not None else refuse(heads[name], 1 - coverage, f"a coverage of {coverage:.3g}")
        notes += [f"'{name}': {cover.words}" for name, cover in covers.items()]
        notes += [f"'{name}' is left as it is: {_NO_SETS[heads[name].kind]}" for name in heads if name not in able]
    kind = [name for name in heads if name in {*abstentions, *covers} and _chose_too(heads[name])]
    notes += [
        f"'{name}': the held-out rows also chose when training stopped, which makes this a little too kind." for name in kind
    ]
    return Promises(abstentions, covers, tuple(notes))


def require_share(option: str, share: float | None) -> None:
    """*Raises* PromiseError for a share, named as the option is, that does not lie between 0 and 1."""
    if share is not None and not 0 < share < 1:
        raise PromiseError(f"{option} is {share:g}; it must lie between 0 and 1, such as {_SUCH_AS[option]}.")


def _chose_too(head: Head) -> bool:
    return isinstance(head, VectorHead) and head.held_out is not None and head.held_out.source == "tune"


_SUCH_AS = {"max_error": "0.05 for one error in twenty answers", "coverage": "0.9 for nine rows in ten"}
_NO_ERRORS = {
    "number": "a number is never right or wrong, but off by some length. Ask for its interval: coverage=0.9 (--coverage 0.9).",
    "keypoints": "points are off by some length. Ask for circles that hold them: coverage=0.9 (--coverage 0.9).",
}
_NO_SETS = {"individual": "its look-alikes stand beside each answer. Ask for few errors: max_error=0.05 (--max-error 0.05)."}


def _able(which: Mapping[str, bool], heads: Mapping[str, Head], reasons: Mapping[str, str]) -> list[str]:
    able = [name for name, can in which.items() if can]
    if not able:
        name = next(iter(heads))
        raise PromiseError(f"Of '{name}' this cannot be promised: {reasons[heads[name].kind]}")
    return able


def refuse(head: Head, share_wrong: float, promise: str) -> Any:
    """*Raises* PromiseError that says why `head` cannot keep the promise."""
    held = head.rows_held_out
    if held is None:
        raise PromiseError(_NOT_HELD)
    rows, together = held
    needed = head.rows_needed(share_wrong)
    clumped = f" that come {together:.1f} at a time" if together > 1.05 else ""
    raise PromiseError(
        f"Of '{head.name}' {promise} cannot be promised from {rows:,} held-out rows{clumped}: "
        f"at least {max(needed, rows + 1):,} are needed. Train on more rows, or promise less."
    )


def kept(promises: Promises, name: str, answer: Tensor, truth: Tensor, groups: np.ndarray | None) -> dict[str, Any]:
    """How promises of the target `name` were kept on labelled rows: answers and truth (n,...), as metrics take them.

    `abstention` has the share `answered` and, of those, the `error`, with its bootstrap interval over `groups` (n,); `sets` the
    share of rows whose truth was `held` and the mean `size` of what was said.
    """
    found: dict[str, Any] = {}
    if name in promises.abstentions:
        rule = promises.abstentions[name]
        told, wrong = rule.told(answer), rule.wrong(answer, truth)
        answered, error = selective_risk(told, wrong)
        found["abstention"] = {
            "answered": answered,
            "error": None if np.isnan(error) else error,
            "error_interval": _interval(told, wrong, error, groups),
            "rule": rule.words,
        }
    if name in promises.covers:
        cover = promises.covers[name]
        holds, size = cover.holds(answer, truth).double(), cover.size(answer)
        found["sets"] = {"held": float(holds.mean()), "size": float(size.nanmean()), "rule": cover.words}
    return found


def _interval(told: Tensor, wrong: Tensor, error: float, groups: np.ndarray | None) -> list[float] | None:
    """The error on other rows, or groups, of the same source: 95 % of bootstrap draws; None where they say nothing."""
    resampling = Resampling.of(len(told), groups, width=1)
    draws = [selective_risk(told[rows], wrong[rows])[1] for rows in map(torch.from_numpy, resampling.draws(DRAWS, seed=0))]
    if resampling.count < 2 or np.isnan(draws).any() or not int((told & wrong).sum()):
        return None
    low, high = moved(draws, error, resampling.narrowing, 0.95)
    return [max(low, 0.0), min(high, 1.0)]
