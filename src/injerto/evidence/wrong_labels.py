"""A label that may be wrong, and how each kind of target finds such labels from answers to rows that taught nothing of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from injerto.heads.levels import Level
from injerto.heads.vector_head import VectorHead
from injerto.learning.wrong_among import margins_among, suspected_among
from injerto.learning.wrong_classes import margins, suspected
from injerto.learning.wrong_numbers import FAR, times_off


@dataclass(frozen=True)
class Doubt:
    """One row's label. `place` counts among the rows that were judged."""

    place: int
    suggested: str
    chance: float | None = None
    """That is given to what the label says, 0 to 1; of several labels to the one that is doubted most."""
    times: float | None = None
    """Of a number: how many typical errors it is away."""
    typical: float | None = None
    """Of a number: what is typical of such rows."""
    too_many: Sequence[str] = ()
    missing: Sequence[str] = ()
    """Of several labels: those that should go, and those that should be there."""


Doubting = Callable[[VectorHead, np.ndarray, np.ndarray], list[Doubt]]
"""A head, what it makes of the labels (n,...) of rows, and answers (n,...) to them, to doubts: the most suspicious first."""


def class_doubts(head: VectorHead, labels: np.ndarray, answers: np.ndarray) -> list[Doubt]:
    """Codes (n,) and probabilities (n,K)."""
    margin = margins(answers, labels)
    wrong = np.flatnonzero(suspected(answers, labels))
    found = []
    for place in wrong[np.argsort(margin[wrong], kind="stable")].tolist():
        others = answers[place].copy()
        others[labels[place]] = -1
        found.append(Doubt(place, head.choices[int(others.argmax())], chance=float(answers[place, labels[place]])))
    return found


def several_doubts(head: VectorHead, labels: np.ndarray, answers: np.ndarray) -> list[Doubt]:
    """0 and 1 (n,K) and probabilities (n,K). A row is as suspicious as its most suspicious label."""
    given, names = labels > 0, head.choices
    wrong, margin = suspected_among(answers, given), margins_among(answers, given)
    rows = np.flatnonzero(wrong.any(axis=1))
    least = np.where(wrong, margin, np.inf).min(axis=1)
    found = []
    for place in rows[np.argsort(least[rows], kind="stable")].tolist():
        right = given[place] ^ wrong[place]
        # A cell that holds nothing is unknown; one that holds a separator alone says that there are no labels.
        suggested = head.options.separator.join(_named(names, right)) or head.options.separator
        too_many, missing = _named(names, wrong[place] & given[place]), _named(names, wrong[place] & ~given[place])
        found.append(Doubt(place, suggested, chance=float((least[place] + 1) / 2), too_many=too_many, missing=missing))
    return found


def number_doubts(head: VectorHead, labels: np.ndarray, answers: np.ndarray) -> list[Doubt]:
    """Numbers (n,) and answers (n,), in the user's units."""
    times, typical = times_off(labels, answers)
    far = np.flatnonzero(times >= FAR)
    return [
        Doubt(place, f"{answers[place]:.4g}", times=float(times[place]), typical=float(typical[place]))
        for place in far[np.argsort(-times[far], kind="stable")].tolist()
    ]


DOUBTS: dict[str, Doubting] = {"class": class_doubts, "classes": several_doubts, "number": number_doubts}


def _named(names: Sequence[Level | str], chosen: np.ndarray) -> list[str]:
    return [str(name) for name, on in zip(names, chosen.tolist(), strict=True) if on]
