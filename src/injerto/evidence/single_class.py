"""Evidence of a class target: the confusion matrix and rows behind its cells, how sure right and wrong answers are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from injerto.evidence.cells import behind_cells
from injerto.evidence.confidence import confidence, in_bands
from injerto.evidence.reliability import reliability
from injerto.evidence.told import Told

SHOWN_CLASSES = 20
"""More classes than this are gathered: the most frequent ones stand alone, the rest together."""
UNSURE = 6
"""Right answers that were hardly sure."""
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
    _, true, given = gathered(levels, truth, guess)
    order = np.argsort(-surest, kind="stable")
    wrong = (guess != truth)[order]

    def told(row: int, cell: tuple[int, int] | None = None) -> Told:
        answer = f"{levels[guess[row]]} ({surest[row]:.0%})"
        known = [*levels, NEW]  # code -1 is the last
        return Told(int(row), known[truth[row]], answer, chance=float(surest[row]), cell=cell)

    shown = {
        "classes": names,
        "confusion": matrix.tolist(),
        "reliability": bins,
        "reliability_of": of,
        "confidence": confidence(surest, guess == truth),
    }
    galleries = {
        "worst": [told(row) for row in in_bands(order[wrong], surest)],
        "unsure": [told(row) for row in order[~wrong][::-1][:UNSURE]],
        "cells": [told(row, cell) for row, cell in behind_cells(true, given, surest)],
    }
    return shown, galleries


def confusion(levels: list[str], truth: np.ndarray, guess: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Names (k,) and counts (k,k), a row for each true class and a column for each answer; rare classes are gathered."""
    names, true, given = gathered(levels, truth, guess)
    matrix = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(matrix, (true, given), 1)
    return names, matrix


def gathered(levels: list[str], truth: np.ndarray, guess: np.ndarray) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names (k,) of the lines of the confusion matrix, and the places (n,) in them of each row's true class and answer."""
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
    return names, place[true], place[guess]
