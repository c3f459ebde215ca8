"""How far a difference between two models can be trusted: the interval of B - A, both asked the same rows in every draw."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from injerto.metrics.figures import COUNTS, ROW_SHARES, SHARES, Array, Metric
from injerto.metrics.intervals import Intervals, counted_rows, moved, sure_interval
from injerto.metrics.resampling import Resampling, require_same_length, width_of

FEWEST = 6
"""Fewer rows (or groups) that differ than these show nothing: five of five in favour of one model is chance once in 16."""
_NOISE = 1e-12


class Side(NamedTuple):
    """What is true (N,...) as one model reads it, and its answers (N,...) to the same rows."""

    truth: Array
    answer: Array


def paired_bootstrap(
    metric: Metric,
    first: Side,
    second: Side,
    *,
    groups: Array | None = None,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Intervals:
    """Where the figure of `second` minus that of `first` would lie, in `level` of the cases, on other rows of the same source.

    Both are measured on the same rows of every draw, so that what is hard for both does not blur their difference. Rows are
    drawn with replacement, or whole groups where `groups` (N,) is given; below `FEWEST` of them there is no interval.

    Shares of rows differ in whole rows, and where few do the draws are too sure of it. A net difference of fewer than `FEWEST`
    rows gets an interval that holds 0, as the sign test would have it. Where no row, or every row, differs in being right, the
    interval is that of `sure_interval`; other shares then have none. Models whose answers are the same differ by 0 to 0.
    """
    for side in (first, second):
        require_same_length(*side)
    if len(first.truth) != len(second.truth):
        raise ValueError(
            f"One model answered {len(first.truth)} rows, the other {len(second.truth)}; both must answer the same."
        )
    resampling = Resampling.of(len(first.truth), groups, width=max(width_of(first.answer), width_of(second.answer)))
    if resampling.count < FEWEST:
        return {}
    counted = counted_rows(metric, first.truth) | counted_rows(metric, second.truth)
    cases, rows_counted = len(np.unique(resampling.units[counted])), int(counted.sum())
    whole = differences(metric(*first), metric(*second))
    drawn = [_of_draw(metric, first, second, rows) for rows in resampling.draws(draws, seed)]
    intervals = {}
    for name, difference in whole.items():
        values = [one[name] for one in drawn if name in one]
        if not values:
            continue
        if name in SHARES and min(values) == max(values) and not _same(first, second):
            if name in ROW_SHARES and difference in (-1.0, 0.0, 1.0) and cases:
                intervals[name] = _sure(difference, cases, level)
            continue
        low, high = (_quiet(end) for end in moved(values, difference, resampling.narrowing, level))
        if name in ROW_SHARES and abs(difference) * rows_counted < FEWEST - 0.5:
            low, high = min(low, 0.0), max(high, 0.0)
        intervals[name] = (max(low, -1.0), min(high, 1.0)) if name in SHARES else (low, high)
    return intervals


def differences(first: dict[str, float], second: dict[str, float]) -> dict[str, float]:
    """The second minus the first, of figures that both have and that no mere count of rows is."""
    return {name: second[name] - figure for name, figure in first.items() if name in second and name not in COUNTS}


def _of_draw(metric: Metric, first: Side, second: Side, rows: Array) -> dict[str, float]:
    return differences(*(metric(side.truth[rows], side.answer[rows]) for side in (first, second)))


def _same(first: Side, second: Side) -> bool:
    return np.array_equal(first.answer, second.answer, equal_nan=True)


def _sure(difference: float, cases: int, level: float) -> tuple[float, float]:
    """Of a difference that is -1, 0 or 1 in each of `cases`: how far it can be from that elsewhere."""
    if difference:
        low, high = sure_interval(1.0, cases, level)
        return (low, high) if difference > 0 else (-high, -low)
    reach = sure_interval(0.0, cases, level)[1]
    return -reach, reach


def _quiet(end: float) -> float:
    """An end that rounding alone keeps from 0 is 0."""
    return 0.0 if abs(end) < _NOISE else end
