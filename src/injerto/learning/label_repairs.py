"""What may have happened to the labels of a row that are far off: two changed places, or x and y did, or it cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

AXES = "x and y may be exchanged"


@dataclass(frozen=True)
class RowLabels:
    """The labels of one row beside where its points are told to be, in shares of the square's side.

    The places must not heed the row's other labels: those may be as wrong.
    """

    label: np.ndarray
    """(K,2), NaN where unknown."""
    turned: np.ndarray
    """The same with x and y exchanged in pixels of the photo as stored."""
    place: np.ndarray
    """(K,2)."""
    typical: np.ndarray
    """(K,): how far off labels of each point usually are; NaN where that is not known."""

    def times(self, label: np.ndarray) -> np.ndarray:
        """How many times as far off as usual labels (K,2) are; infinite where that cannot be told."""
        times = np.linalg.norm(label - self.place, axis=1) / self.typical
        return np.asarray(np.where(np.isnan(times), np.inf, times))


def repairs(
    row: RowLabels, far: Sequence[int], points: Sequence[str], pairs: Sequence[tuple[int, int]], *, limit: float
) -> dict[int, str]:
    """By point: why it may be wrong, for the points in `far` and those that would change places with one of them.

    Points that are exchanged would have to be less than `limit` times, and less than half as far off as now. `pairs` are tried
    first, then any two points in `far`.
    """
    now, turned = row.times(row.label), row.times(row.turned)
    reasons: dict[int, str] = {}
    for one, other in [*pairs, *combinations(far, 2)]:
        if reasons.keys() & {one, other} or not {one, other} & set(far):
            continue
        swapped = row.label.copy()
        swapped[[one, other]] = row.label[[other, one]]
        after, before = row.times(swapped)[[one, other]].max(), now[[one, other]].max()
        if after < min(limit, before / 2):
            reasons |= dict.fromkeys((one, other), f"{points[one]} and {points[other]} may be exchanged")
    for point in far:
        if point not in reasons and turned[point] < min(limit, now[point] / 2):
            reasons[point] = AXES
    return reasons
