"""How good answers are: the figures of each kind of target, and intervals around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from injerto.metrics.individual import individual_metrics
from injerto.metrics.keypoints import keypoints_metrics
from injerto.metrics.ranks import average_precision, rank_auc

Array = NDArray[Any]
Floats = NDArray[np.float64]
Metric = Callable[[Array, Array], dict[str, float]]

# Figures that lie between 0 and 1; an interval must not leave that range.
SHARES = frozenset(
    {
        *("accuracy", "balanced_accuracy", "ece", "auc", "f1_macro", "f1_micro", "top5", "map", "subset_accuracy"),
        *("pck_05", "pck_10", "pck_20", "in_circle", "in_picture_auc"),
        *("top1", "known_recall", "new_recall", "auroc"),
    }
)
# Shares of the rows, each right or wrong by itself; the other figures between 0 and 1 are means of something else.
ROW_SHARES = frozenset({"accuracy", "top1", "top5", "subset_accuracy", "known_recall"})
# Counts of rows travel with the figures, but an interval around them would mean nothing.
COUNTS = frozenset({"mape_left_out"})

# Probabilities are kept this far from 0 and 1 in log losses: one sure mistake costs 36 nats, not infinity.
_TINY = float(np.finfo(np.float64).eps)
_BINS = 15
_CELLS_A_DRAW = 100_000
_ROWS_A_DRAW = (2_000, 20_000)
_FEWEST_UNITS_A_DRAW = 50


def class_metrics(truth: Array, answer: Array) -> dict[str, float]:
    """One class a row: codes (N,), -1 for a level unknown to the model, and probabilities (N,K).

    An unknown level counts as wrong, and as one more class in means over classes. `log_loss`, `brier` and `auc` are
    over rows of known levels only, for the model has no probability for the others. `brier` sums over the classes,
    halved when there are two. A figure that the rows do not allow, such as an AUC of one class, is left out.
    """
    _same_length(truth, answer)
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
    _same_length(truth, answer)
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
    _same_length(truth, answer)
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

# Which rows shares of rows are taken of, by their truth, where these are not all rows.
_COUNTED: dict[Metric, Callable[[Array], Array]] = {individual_metrics: lambda truth: truth == 1}


def bootstrap(
    metric: Metric,
    truth: Array,
    answer: Array,
    *,
    groups: Array | None = None,
    draws: int = 200,
    level: float = 0.95,
    seed: int = 0,
) -> dict[str, tuple[float, float]]:
    """Where each figure would lie, in `level` of the cases, on other rows (or other groups of rows) of the same source.

    Rows are drawn with replacement, or whole groups where `groups` (N,) is given; with fewer than two of them there is no
    interval. The middle of the draws is moved onto the figure of all rows, since some figures (`ece`) grow in small draws.

    When every draw gives the same share, as when all answers are right, the draws say nothing about other rows: a share of
    rows gets the exact interval of `sure_interval` instead, other shares none.

    Large tables: a draw holds about 100,000 / K rows, 2,000 to 20,000, and the interval is narrowed by the square root of
    the share drawn, as the m-out-of-n bootstrap does. When there are few groups their rows are thinned instead.
    """
    _same_length(truth, answer)
    units = _codes(groups) if groups is not None else np.arange(len(truth))
    count = int(units.max()) + 1 if len(units) else 0
    if count < 2:
        return {}
    figures = metric(truth, answer)
    cap = int(np.clip(_CELLS_A_DRAW // (answer.shape[1] if answer.ndim > 1 else 1), *_ROWS_A_DRAW))
    drawn = min(count, max(_FEWEST_UNITS_A_DRAW, round(count * cap / len(truth))))
    random = np.random.default_rng(seed)
    results = []
    for _ in range(draws):
        picked = random.integers(count, size=drawn)
        rows = picked if groups is None else np.repeat(np.arange(len(units)), np.bincount(picked, minlength=count)[units])
        if len(rows) > 2 * cap:
            rows = rows[random.random(len(rows)) < cap / len(rows)]
        results.append(metric(truth[rows], answer[rows]))
    narrowing, tails = np.sqrt(drawn / count), [(1 - level) / 2, 0.5, (1 + level) / 2]
    intervals = {}
    for name, figure in figures.items():
        values = [result[name] for result in results if name in result]
        if name in COUNTS or not values:
            continue
        if name in SHARES and min(values) == max(values):
            if name in ROW_SHARES and figure in (0.0, 1.0):
                counted = units[_COUNTED[metric](truth)] if metric in _COUNTED else units
                intervals[name] = sure_interval(figure, len(np.unique(counted)), level)
            continue
        low, middle, high = np.quantile(values, tails)
        bottom, top = figure + narrowing * (low - middle), figure + narrowing * (high - middle)
        intervals[name] = (
            float(max(bottom, 0.0) if min(values) >= 0 else bottom),
            float(min(top, 1.0) if name in SHARES else top),
        )
    return intervals


def sure_interval(share: float, count: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of a share that is 0 or 1 in `count` independent cases.

    *Source*: Clopper and Pearson, 1934; at these two ends the quantile of the beta distribution is a root.
    """
    reach = 1 - ((1 - level) / 2) ** (1 / count)
    return (1 - reach, 1.0) if share == 1 else (0.0, reach)


def expected_calibration_error(confidence: Array, hit: Array) -> float:
    """Mean distance between how sure answers are and how often they are right, over 15 equal bins of confidence."""
    place = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    sure = np.bincount(place, weights=confidence, minlength=_BINS)
    right = np.bincount(place, weights=hit.astype(np.float64), minlength=_BINS)
    return float(np.abs(sure - right).sum() / len(confidence))


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
    place = _codes(codes)
    return float((np.bincount(place, weights=hit) / np.bincount(place)).mean())


def _class_f1(codes: Array, guess: Array, levels: int) -> float:
    """F1 averaged over the classes that are true or guessed somewhere; -1 is a class that is never guessed."""
    both = np.bincount(codes[codes == guess] + 1, minlength=levels + 1)
    total = np.bincount(codes + 1, minlength=levels + 1) + np.bincount(guess + 1, minlength=levels + 1)
    return float(np.mean(2 * both[total > 0] / total[total > 0]))


def _codes(values: Array) -> NDArray[np.int64]:
    """Values (N,) as whole numbers 0..G-1."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _defined(figures: dict[str, float]) -> dict[str, float]:
    """Only the figures the rows allow: JSON and people have no use for NaN."""
    return {name: figure for name, figure in figures.items() if np.isfinite(figure)}


def _same_length(truth: Array, answer: Array) -> None:
    if len(truth) != len(answer):
        raise ValueError(f"There are {len(truth)} true values but {len(answer)} answers; give one answer a row.")
