"""Whether probabilities mean what they say: calibration error, Brier score and log loss, of all classes and of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from injerto.metrics.binned import expected_calibration_error
from injerto.metrics.figures import Array
from injerto.metrics.individual import individual_metrics

FEWEST_ROWS = 50
"""A class with fewer rows has no calibration error of its own: it would be noise."""
_TINY = float(np.finfo(np.float64).eps)

Figures = dict[str, float]


def class_calibration(truth: Array, answer: Array) -> Figures:
    """Codes (N,), -1 for a class that the model does not know, which counts as wrong, and probabilities (N,K).

    `ece` is of the likeliest class, `brier` sums over the classes (halved when there are two), as in `class_metrics`.
    """
    codes, levels = truth.astype(np.int64), answer.shape[1]
    surest, guess = answer.max(axis=1), answer.argmax(axis=1)
    known = codes >= 0
    chance = answer[known, codes[known]].astype(np.float64)
    squares = np.square(answer[known].astype(np.float64)).sum(axis=1) - 2 * chance + 1
    figures = {"ece": expected_calibration_error(surest, guess == codes)}
    if known.any():
        figures["brier"] = float(squares.mean()) / (2 if levels == 2 else 1)
        figures["log_loss"] = float(-np.log(np.clip(chance, _TINY, 1)).mean())
    return figures


def labels_calibration(truth: Array, answer: Array) -> Figures:
    """Truth (N,K) of 0 and 1 and probabilities (N,K): every label of every row is one case."""
    true, chance = truth.astype(bool).ravel(), np.clip(answer.astype(np.float64), _TINY, 1 - _TINY).ravel()
    return {
        "ece": expected_calibration_error(chance, true),
        "brier": float(np.square(chance - true).mean()),
        "log_loss": float(-np.log(np.where(true, chance, 1 - chance)).mean()),
    }


def individual_calibration(truth: Array, answer: Array) -> Figures:
    """Truth (N,), 1 where the individual is in the gallery, and answers as `heads/answer_layout` has them: of names, if the
    individual is in the gallery, and of the chance that it is new."""
    found = individual_metrics(truth, answer)
    return {name: found[name] for name in ("ece", "brier", "log_loss", "new_ece", "new_brier", "new_log_loss") if name in found}


CALIBRATION: dict[str, Callable[[Array, Array], Figures]] = {
    "class": class_calibration,
    "classes": labels_calibration,
    "individual": individual_calibration,
}
"""By kind of target; other kinds have no probabilities."""


def calibration_by_class(kind: str, names: Sequence[str], truth: Array, answer: Array) -> dict[str, dict[str, Any]]:
    """Of each class with `FEWEST_ROWS`: its rows, the mean probability `said`, the share that `happened`, and its `ece`; other
    kinds have none.

    *Source*: class-wise calibration error, Kull et al. 2019, Beyond Temperature Scaling, NeurIPS, section 2.
    """
    if not len(truth) or kind not in ("class", "classes"):
        return {}
    happened = truth.astype(bool) if kind == "classes" else truth.astype(np.int64)[:, None] == np.arange(len(names))
    return {
        name: {
            "rows": int(happened[:, place].sum()),
            "said": float(answer[:, place].mean()),
            "happened": float(happened[:, place].mean()),
            "ece": expected_calibration_error(answer[:, place], happened[:, place]),
        }
        for place, name in enumerate(names)
        if happened[:, place].sum() >= FEWEST_ROWS
    }
