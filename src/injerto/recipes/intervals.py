"""How far a stage's figures can be trusted: intervals by the bootstrap, of whole sightings where these are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from injerto.metrics.figures import Array
from injerto.metrics.intervals import bootstrap

Scores = Callable[[np.ndarray, np.ndarray], dict[str, float]]
"""What was found (N,...) and what is true (N,...), NaN where nobody marked, to `rows` and shares or lengths of these rows."""


def with_intervals(scores: Scores, found: np.ndarray, true: np.ndarray, units: np.ndarray | None) -> dict[str, Any]:
    """The figures of `scores`, and `intervals` around them: 95 % of draws of marked rows, or of whole `units` (N,)."""
    marked = np.isfinite(true).reshape(len(true), -1).all(axis=1)

    def figures(truth: Array, answer: Array) -> dict[str, float]:
        return {name: value for name, value in scores(answer, truth).items() if name != "rows"}

    own = None if units is None else units[marked]
    intervals = bootstrap(figures, true[marked], found[marked], groups=own)
    return {**scores(found, true), "intervals": rounded(intervals)}


def rounded(intervals: dict[str, tuple[float, float]]) -> dict[str, list[float]]:
    """As JSON, to four digits."""
    return {name: [round(low, 4), round(high, 4)] for name, (low, high) in intervals.items()}
