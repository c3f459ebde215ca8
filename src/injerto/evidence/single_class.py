"""Evidence of a class target: the confusion matrix, the reliability of its probabilities, and its surest mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from injerto.evidence.reliability import reliability
from injerto.evidence.told import Told

SHOWN_CLASSES = 20
"""More classes than this are gathered: the most frequent ones stand alone, the rest together."""
WORST = 12
OTHERS = "(all others)"
NEW = "(not seen in training)"


def class_evidence(
    state: Mapping[str, Any], truth: np.ndarray, answer: np.ndarray
) -> tuple[dict[str, Any], dict[str, list[Told]]]:
    """Codes (n,), -1 for a class unknown to the model, and probabilities (n,K)."""
    levels = [str(level) for level in state["levels"]]
    guess = answer.argmax(axis=1)
    surest = answer.max(axis=1)
    if len(levels) == 2:
        bins, of = reliability(answer[:, 1], truth == 1), levels[1]
    else:
        bins, of = reliability(surest, guess == truth), ""
    names, matrix = confusion(levels, truth, guess)
    wrong = np.flatnonzero(guess != truth)
    first = wrong[np.argsort(-surest[wrong], kind="stable")][:WORST]
    known = [*levels, NEW]  # code -1 is the last
    worst = [Told(int(row), known[truth[row]], f"{levels[guess[row]]} ({surest[row]:.0%})") for row in first]
    shown = {"classes": names, "confusion": matrix.tolist(), "reliability": bins, "reliability_of": of}
    return shown, {"worst": worst}


def confusion(levels: list[str], truth: np.ndarray, guess: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Names (k,) and counts (k,k), a row for each true class and a column for each answer; rare classes are gathered."""
    count = len(levels)
    true = np.where(truth < 0, count, truth)  # the class nobody knew stands last
    frequency = np.bincount(true, minlength=count + 1) + np.bincount(guess, minlength=count + 1)
    kept = np.arange(count)
    if count > SHOWN_CLASSES:
        kept = np.sort(np.argsort(-frequency[:count], kind="stable")[:SHOWN_CLASSES])
    place = np.full(count + 1, len(kept))
    place[kept] = np.arange(len(kept))
    names = [levels[level] for level in kept]
    if len(kept) < count:
        names.append(OTHERS)
    if (truth < 0).any():
        place[count] = len(names)
        names.append(NEW)
    matrix = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(matrix, (place[true], place[guess]), 1)
    return names, matrix
