"""How far a figure can be trusted: its interval, by the bootstrap."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from injerto.metrics.figures import COUNTS, ROW_SHARES, SHARES, Array, Metric
from injerto.metrics.individual import individual_metrics
from injerto.metrics.resampling import Resampling, require_same_length, width_of

Intervals = dict[str, tuple[float, float]]

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
) -> Intervals:
    """Where each figure would lie, in `level` of the cases, on other rows (or other groups of rows) of the same source.

    Rows are drawn with replacement, or whole groups where `groups` (N,) is given; with fewer than two of them there is no
    interval. The middle of the draws is moved onto the figure of all rows, since some figures (`ece`) grow in small draws.

    When every draw gives the same share, as when all answers are right, the draws say nothing about other rows: a share of
    rows gets the exact interval of `sure_interval` instead, other shares none.

    Of large tables `Resampling` draws fewer rows, and the interval is narrowed by the square root of the share drawn.
    """
    require_same_length(truth, answer)
    resampling = Resampling.of(len(truth), groups, width=width_of(answer))
    if resampling.count < 2:
        return {}
    figures = metric(truth, answer)
    results = [metric(truth[rows], answer[rows]) for rows in resampling.draws(draws, seed)]
    intervals = {}
    for name, figure in figures.items():
        values = [result[name] for result in results if name in result]
        if name in COUNTS or not values:
            continue
        if name in SHARES and min(values) == max(values):
            if name in ROW_SHARES and figure in (0.0, 1.0):
                counted = resampling.units[counted_rows(metric, truth)]
                intervals[name] = sure_interval(figure, len(np.unique(counted)), level)
            continue
        bottom, top = moved(values, figure, resampling.narrowing, level)
        intervals[name] = (
            float(max(bottom, 0.0) if min(values) >= 0 else bottom),
            float(min(top, 1.0) if name in SHARES else top),
        )
    return intervals


def moved(values: list[float], figure: float, narrowing: float, level: float) -> tuple[float, float]:
    """Where `level` of the values lie, narrowed and with their middle on `figure`."""
    low, middle, high = np.quantile(values, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return float(figure + narrowing * (low - middle)), float(figure + narrowing * (high - middle))


def counted_rows(metric: Metric, truth: Array) -> Array:
    """The rows (N,) bool that shares of rows are taken of."""
    return _COUNTED[metric](truth) if metric in _COUNTED else np.ones(len(truth), dtype=bool)


def sure_interval(share: float, count: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of a share that is 0 or 1 in `count` independent cases.

    *Source*: Clopper and Pearson, 1934; at these two ends the quantile of the beta distribution is a root.
    """
    reach = 1 - ((1 - level) / 2) ** (1 / count)
    return (1 - reach, 1.0) if share == 1 else (0.0, reach)
