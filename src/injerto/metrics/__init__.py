"""How good answers are: the figures of each kind of target, and intervals around them."""

from __future__ import annotations

import numpy as np

from injerto.metrics.binned import expected_calibration_error
from injerto.metrics.figures import Array, Metric
from injerto.metrics.individual import individual_metrics
from injerto.metrics.intervals import bootstrap, sure_interval
from injerto.metrics.keypoints import keypoints_metrics
from injerto.metrics.paired import paired_bootstrap
from injerto.metrics.ranks import average_precision, rank_auc
from injerto.metrics.resampling import require_same_length

__all__ = [
    "METRICS",
    "average_precision",
    "bootstrap",
    "class_metrics",
    "classes_metrics",
    "expected_calibration_error",
    "individual_metrics",
    "keypoints_metrics",
    "number_metrics",
    "paired_bootstrap",
    "rank_auc",
    "sure_interval",
]

# Probabilities are kept this far from 0 and 1 in log losses: one sure mistake costs 36 nats, not infinity.
_TINY = float(np.finfo(np.float64).eps)


def class_metrics(truth: Array, answer: Array) -> dict[str, float]:
    """One class a row: codes (N,), -1 for a level unknown to the model, and probabilities (N,K).

    An unknown level counts as wrong, and as one more class in means over classes. `log_loss`, `brier` and `auc` are
    over rows of known levels only, for the model has no probability for the others. `brier` sums over the classes,
    halved when there are two. A figure that the rows do not allow, such as an AUC of one class, is left out.
    """
    require_same_length(truth, answer)
    if not len(truth):
        return {}
    codes = truth.astype(np.int64)
    guess = answer.argmax(axis=1)
    hit = guess == codes
    figures = {
        "accuracy": float(hit.mean()),
        "balanced_accuracy": _mean_recall(codes, hit),
        "f1_macro": _class_f1(codes, guess, answer.shape[1]),
        "ece": expected_calibration_error(answer.max(axis=1), hit),
    }
    known = codes >= 0
    if known.any():
        figures |= _known_class_metrics(codes[known], answer[known])
    if answer.shape[1] > 5:
        best = np.argpartition(answer, -5, axis=1)[:, -5:]
        figures["top5"] = float((best == codes[:, None]).any(axis=1).mean())
    return _defined(figures)


def classes_metrics(truth: Array, answer: Array) -> dict[str, float]:
    """Several classes a row: truth (N,K) of 0 and 1, probabilities (N,K); a label is given from 0.5 on.

    `map` is the mean average precision over classes that occur; `f1_macro` leaves out classes neither true nor given.
    """
    require_same_length(truth, answer)
    if not truth.size:
        return {}
    true, given = truth.astype(bool), answer >= 0.5
    chance = np.clip(answer.astype(np.float64), _TINY, 1 - _TINY)
    both, total = (true & given).sum(axis=0), true.sum(axis=0) + given.sum(axis=0)
    occurring = np.flatnonzero(true.any(axis=0))
    figures = {
        "map": float(np.mean([average_precision(true[:, k], answer[:, k]) for k in occurring])) if len(occurring) else np.nan,
        "f1_micro": _ratio(2 * both.sum(), total.sum()),
        "f1_macro": float(np.mean(2 * both[total > 0] / total[total > 0])) if total.any() else np.nan,
        "log_loss": float(-np.mean(np.log(np.where(true, chance, 1 - chance)))),
        "subset_accuracy": float((true == given).all(axis=1).mean()),
    }
    return _defined(figures)


def number_metrics(truth: Array, answer: Array) -> dict[str, float]:
    """Numbers: truth (N,) and answer (N,), both finite. `mape` is a fraction: 0.1 is ten percent.

    Rows whose truth is 0 have no percentage: `mape` leaves them out and `mape_left_out` counts them.
    """
    require_same_length(truth, answer)
    if not len(truth):
        return {}
    true = truth.astype(np.float64)
    error = answer.astype(np.float64) - true
    spread = float(np.square(true - true.mean()).sum())
    nonzero = true != 0
    figures = {
        "rmse": float(np.sqrt(np.square(error).mean())),
        "mae": float(np.abs(error).mean()),
        "median_ae": float(np.median(np.abs(error))),
        "r2": 1 - float(np.square(error).sum()) / spread if spread > 0 else np.nan,
        "mape": float(np.mean(np.abs(error[nonzero] / true[nonzero]))) if nonzero.any() else np.nan,
        "mape_left_out": float((~nonzero).sum()),
    }
    return _defined(figures)


METRICS: dict[str, Metric] = {
    "class": class_metrics,
    "classes": classes_metrics,
    "number": number_metrics,
    "keypoints": keypoints_metrics,
    "individual": individual_metrics,
}


def _known_class_metrics(codes: Array, answer: Array) -> dict[str, float]:
    """The figures that need a probability for the true level."""
    levels = answer.shape[1]
    chance = answer[np.arange(len(codes)), codes].astype(np.float64)
    # sum_k (p_k - y_k)^2 = sum_k p_k^2 - 2 p_true + 1, without the (N,K) matrix of y.
    squares = np.einsum("nk,nk->n", answer, answer, dtype=np.float64) - 2 * chance + 1
    if levels == 2:
        auc = rank_auc(codes == 1, answer[:, 1])
    else:
        each = [rank_auc(codes == level, answer[:, level]) for level in np.unique(codes)]
        auc = float(np.mean(each))
    return {
        "log_loss": float(-np.log(np.clip(chance, _TINY, 1)).mean()),
        "brier": float(squares.mean()) / (2 if levels == 2 else 1),
        "auc": auc,
    }


def _mean_recall(codes: Array, hit: Array) -> float:
    """Share of hits of each class that occurs, averaged over the classes."""
    place = np.unique(codes, return_inverse=True)[1]
    return float((np.bincount(place, weights=hit) / np.bincount(place)).mean())


def _class_f1(codes: Array, guess: Array, levels: int) -> float:
    """F1 averaged over the classes that are true or guessed somewhere; -1 is a class that is never guessed."""
    both = np.bincount(codes[codes == guess] + 1, minlength=levels + 1)
    total = np.bincount(codes + 1, minlength=levels + 1) + np.bincount(guess + 1, minlength=levels + 1)
    return float(np.mean(2 * both[total > 0] / total[total > 0]))


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _defined(figures: dict[str, float]) -> dict[str, float]:
    """Only the figures the rows allow: JSON and people have no use for NaN."""
    return {name: figure for name, figure in figures.items() if np.isfinite(figure)}
