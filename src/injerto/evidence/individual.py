"""Evidence of individuals: what is said of known and new ones, whether that is right, photos beside look-alikes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from injerto.evidence.reliability import reliability
from injerto.evidence.told import LookAlike, Told
from injerto.heads.answer_layout import CHANCES, CODES, NEW, PROBABILITY, RANK, SHOWN
from injerto.heads.decision import Decision
from injerto.metrics.individual import half_each, likeliest_name, rejection_curve

WORST = 12
RULE = 8
LOOKALIKES = 4
"""Shown of each photo, in a line beside it."""
BINS = 20


def individual_evidence(
    state: Mapping[str, Any], truth: np.ndarray, answer: np.ndarray
) -> tuple[dict[str, Any], dict[str, list[Told]]]:
    """Truth (n,), 1 where the individual is in the gallery and 0 where it is new, and answers in `heads/answer_layout`.

    `state` has the names of the gallery's `individuals` in the order of the codes, and the `decision`'s state. `worst` are rows
    whose answer is wrong, those that give least to what is true first; `rule` are rows at even steps from the best to the
    worst; none where all rows are among the worst.
    """
    names, decision = [str(name) for name in state["individuals"]], Decision().restore(state["decision"])
    known = truth == 1
    new, best = answer[:, NEW].astype(np.float64), answer[:, CHANCES][:, 0].astype(np.float64)
    named_right = known & (answer[:, RANK] == 1)
    wrong = np.where(new > best, known, ~named_right)
    given = np.where(known, (1 - new) * np.nan_to_num(answer[:, PROBABILITY]), new)
    order = np.argsort(given, kind="stable")
    steps = ((np.arange(RULE) + 0.5) / RULE * len(truth)).astype(np.int64)
    said = _said(decision, new, best)
    galleries = {"worst": order[wrong[order]][:WORST], "rule": order[::-1][steps] if len(truth) > WORST else order[:0]}
    shown = {
        "words": decision.words,
        "can_tell_new": decision.can_tell_new,
        "limits": decision.limits.state(),
        "said": _counted(said, known, named_right),
        "rejection": rejection_curve(truth, answer),
        "newness": _newness(new, known) if decision.can_tell_new else [],
        "reliability": _of_names(answer[known]),
        "reliability_of": "its likeliest name, if the individual is in the gallery",
        "reliability_new": reliability(new, ~known, half_each(~known)) if known.any() and not known.all() else [],
    }
    rows = {
        gallery: [_told(int(row), names, said[row], truth, answer) for row in found] for gallery, found in galleries.items()
    }
    return shown, rows


def _said(decision: Decision, new: np.ndarray, best: np.ndarray) -> list[str]:
    """What is said of each row."""
    return list(decision.decide(torch.from_numpy(np.stack([best, new], axis=1))))


def _of_names(answer: np.ndarray) -> list[dict[str, Any]]:
    """How sure names are, and how often right, of answers (n,...) about individuals of the gallery."""
    sure, right = likeliest_name(answer)
    there = np.isfinite(sure)
    return reliability(sure[there], right[there])


def _counted(said: list[str], known: np.ndarray, named_right: np.ndarray) -> list[dict[str, Any]]:
    """Rows by what is true and what is said."""
    says = np.array(said, dtype=object)
    return [
        {
            "truth": kind,
            "rows": int(of.sum()),
            "right": int((of & named_right & (says == "known")).sum()),
            "wrong": int((of & ~named_right & (says == "known")).sum()),
            "new": int((of & (says == "new")).sum()),
            "cannot_tell": int((of & (says == "cannot tell")).sum()),
        }
        for kind, of in (("in the gallery", known), ("new", ~known))
        if of.any()
    ]


def _newness(new: np.ndarray, known: np.ndarray) -> list[dict[str, float]]:
    """In equal steps of the chance of being new: the share of the known rows and of the new rows that lie there."""
    place = np.minimum((new * BINS).astype(np.int64), BINS - 1)
    counts = {name: np.bincount(place[of], minlength=BINS) for name, of in (("known", known), ("new", ~known))}
    return [
        {"from": step / BINS, **{name: round(float(count[step] / max(1, count.sum())), 4) for name, count in counts.items()}}
        for step in range(BINS)
    ]


def _told(row: int, names: list[str], said: str, truth: np.ndarray, answer: np.ndarray) -> Told:
    codes, chances = answer[row, CODES].astype(np.int64), answer[row, CHANCES]
    rank = answer[row, RANK]
    true = int(rank) - 1 if truth[row] == 1 and np.isfinite(rank) else None
    likely = [
        LookAlike(names[code], round(float(chance), 4), right=place == true)
        for place, (code, chance) in enumerate(zip(codes, chances, strict=True))
        if code >= 0
    ]
    if truth[row] != 1:
        really = "a new individual"
    elif true is None:
        really = "an individual of the gallery"
    elif true < min(SHOWN, len(likely)):
        really = likely[true].name
    else:
        really = f"an individual of the gallery, number {true + 1:,} in the list"
    return Told(row, really, said_words(said, likely, float(answer[row, NEW])), lookalikes=tuple(likely[:LOOKALIKES]))


def said_words(said: str, likely: list[LookAlike], new: float) -> str:
    """What is said of a photo, with its probability; and what is likeliest where nothing is said."""
    best = f"{likely[0].name} {likely[0].probability:.0%}" if likely else ""
    if said == "known":
        return best
    if said == "new":
        return f"a new individual {new:.0%}"
    likeliest = f"a new individual {new:.0%}" if not likely or new > likely[0].probability else best
    return f"cannot tell; likeliest {likeliest}"
