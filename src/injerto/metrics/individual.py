"""How good answers about individuals are: who it is among those in the gallery, and whether it is somebody new."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from injerto.heads.answer_layout import AVERAGE_PRECISION, CHANCES, NEW, PROBABILITY, RANK, SQUARES
from injerto.metrics.binned import expected_calibration_error
from injerto.metrics.ranks import rank_auc

Array = NDArray[Any]

NEW_FROM = 0.5
"""Who is at least so likely to be new counts as called new."""
CURVE_STEPS = 100
_TINY = float(np.finfo(np.float64).eps)


def individual_metrics(truth: Array, answer: Array) -> dict[str, float]:
    """Individuals: truth (n,), 1 where the individual is in the gallery and 0 where it is new; answers as `heads/answer_layout`
    has them.

    Closed set, over rows whose individual is in the gallery, without the chance that it is new: `top1`, `top5`, `map` of the
    ranking of gallery photos, `log_loss`, `brier` and `ece` of the names. Open set: `known_recall` and `new_recall` at
    `NEW_FROM`, their mean `balanced_accuracy`, and `auroc`, how well the chance of being new tells new from known;
    `new_log_loss`, `new_brier` and `new_ece` of that chance, where known and new rows count half each, as the chance takes for
    granted. A figure that the rows do not allow is left out.
    """
    if len(truth) != len(answer):
        raise ValueError(f"There are {len(truth)} true values but {len(answer)} answers; give one answer a row.")
    if not len(truth):
        return {}
    known = truth == 1
    rank, chance, precision = (answer[known, place].astype(np.float64) for place in (RANK, PROBABILITY, AVERAGE_PRECISION))
    kept, called = answer[known, NEW] < NEW_FROM, answer[~known, NEW] >= NEW_FROM
    figures = {
        "top1": _mean(rank[~np.isnan(rank)] <= 1),
        "top5": _mean(rank[~np.isnan(rank)] <= 5),
        "map": _mean(precision[~np.isnan(precision)]),
        "log_loss": _mean(-np.log(np.clip(chance[~np.isnan(chance)], _TINY, 1))),
        "known_recall": _mean(kept),
        "new_recall": _mean(called),
        "balanced_accuracy": (_mean(kept) + _mean(called)) / 2,
        "auroc": rank_auc(~known, answer[:, NEW]),
    }
    figures |= name_calibration(answer[known]) | newness_calibration(~known, answer[:, NEW].astype(np.float64))
    return {name: figure for name, figure in figures.items() if np.isfinite(figure)}


def name_calibration(answer: Array) -> dict[str, float]:
    """Of answers (n,...) about individuals of the gallery: `ece` of the likeliest name, as surely as it is said of those in the
    gallery, and the `brier` score, a sum over all of them."""
    sure, right = likeliest_name(answer)
    there = np.isfinite(sure)
    squares = 1 + answer[:, SQUARES] - 2 * answer[:, PROBABILITY]
    ece = expected_calibration_error(sure[there], right[there]) if there.any() else float("nan")
    return {"brier": _mean(squares[np.isfinite(squares)]), "ece": ece}


def likeliest_name(answer: Array) -> tuple[Array, Array]:
    """How sure (n,) the likeliest name is if the individual is in the gallery, NaN where nobody is admitted, and whether (n,)
    it is right."""
    return answer[:, CHANCES][:, 0].astype(np.float64) / (1 - answer[:, NEW].astype(np.float64)), answer[:, RANK] == 1


def newness_calibration(new: Array, chance: Array) -> dict[str, float]:
    """Which rows (n,) are `new`, and the `chance` (n,) that was said of it; nothing where there is one kind only."""
    if new.all() or not new.any():
        return {}
    weight = half_each(new)
    true = np.clip(np.where(new, chance, 1 - chance), _TINY, 1)
    return {
        "new_log_loss": float(-np.average(np.log(true), weights=weight)),
        "new_brier": float(np.average(np.square(chance - new), weights=weight)),
        "new_ece": expected_calibration_error(chance, new, weight),
    }


def half_each(new: Array) -> Array:
    """How much each row (n,) counts, one on average, so that those `new` and the others count the same; ones for one kind."""
    count = int(new.sum())
    if not 0 < count < len(new):
        return np.ones(len(new))
    return np.where(new, len(new) / (2 * count), len(new) / (2 * (len(new) - count)))


def rejection_curve(truth: Array, answer: Array) -> list[dict[str, float]]:
    """How often answers are wrong, as only the surest are kept: `coverage`, the share that is kept, and their `error`.

    An answer is "new" or the likeliest name, whichever is likelier, and as sure as that is likely. Wrong is a name that is not
    the individual's, any name of a new one, and "new" of a known one. At most `CURVE_STEPS` steps, from the surest on.
    """
    if not len(truth):
        return []
    new, best = answer[:, NEW].astype(np.float64), answer[:, CHANCES][:, 0].astype(np.float64)
    known, called = truth == 1, new > best
    wrong = np.where(called, known, ~(known & (answer[:, RANK] == 1)))
    sure = np.maximum(new, best)
    order = np.argsort(-sure, kind="stable")
    kept = np.arange(1, len(truth) + 1)
    error = np.cumsum(wrong[order]) / kept
    ends = np.flatnonzero(np.append(np.diff(sure[order]) < 0, True))  # those equally sure are kept together
    if len(ends) > CURVE_STEPS:
        ends = ends[np.unique(np.linspace(0, len(ends) - 1, CURVE_STEPS).round().astype(np.int64))]
    return [{"coverage": round(float(kept[end] / len(truth)), 4), "error": round(float(error[end]), 4)} for end in ends]


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else float("nan")
