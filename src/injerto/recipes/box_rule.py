"""Where people draw the box around a head, as a rule in terms of its two points: what a found head's box follows from.

A locator that never saw the like of a photo finds the head and misjudges how far it reaches; the points in it are found better
than its edges. A box drawn by hand stands upright, so its edges depend on which way the head lies. The rule is a least-squares
fit of the four edges, in lengths of the head, on a few numbers of that direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

FEWEST_ROWS = 20
"""Rows with a box and both points that a rule is fitted to at least: it has 32 numbers, and each row tells four."""
PENALTY = 0.01
"""Of the squares of all numbers but the constant: a hundredth of a row. One row bends a box by 3 % of its area already."""


@dataclass(frozen=True)
class BoxRule:
    """The edges of boxes, in lengths of the head from the middle of its points, by which way the head lies."""

    edges: tuple[tuple[float, float, float, float], ...]
    """(8,4): left, top, right and bottom by each number of `_features`."""

    def boxes(self, points: np.ndarray) -> np.ndarray:
        """Boxes (N,4), left, top, width, height in pixels, around points (N,2,2); NaN where these are, or are one point."""
        features, middle, length = _features(points)
        edges = features @ np.asarray(self.edges) * length[:, None] + np.tile(middle, 2)
        return np.concatenate([edges[:, :2], edges[:, 2:] - edges[:, :2]], axis=1)

    @classmethod
    def fit(cls, box: np.ndarray, points: np.ndarray) -> Self | None:
        """The rule that boxes (N,4) and points (N,2,2) have in common; None where too few rows have both."""
        features, middle, length = _features(points)
        known = np.isfinite(box).all(axis=1) & np.isfinite(features).all(axis=1)
        if known.sum() < FEWEST_ROWS:
            return None
        features, middle, length, box = features[known], middle[known], length[known], box[known]
        edges = np.concatenate([box[:, :2] - middle, box[:, :2] + box[:, 2:] - middle], axis=1) / length[:, None]
        shrunk = PENALTY * np.diag([0.0, *np.ones(features.shape[1] - 1)])
        rule = np.linalg.solve(features.T @ features + shrunk, features.T @ edges)
        left, top, right, bottom = rule.round(4).T.tolist()
        return cls(tuple(zip(left, top, right, bottom, strict=True)))


def _features(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of points (N,2,2): numbers (N,8) of the direction from the second to the first, the middle (N,2), the distance (N,).

    Beside a constant and the direction itself, its sides without their signs and their squares: a box is as wide where the head
    lies to the left as where it lies to the right.
    """
    along = points[:, 0] - points[:, 1]
    apart = np.linalg.norm(along, axis=1)
    length = np.where(apart > 0, apart, np.nan)
    x, y = (along / length[:, None]).T
    features = [np.ones_like(x), x, y, np.abs(x), np.abs(y), x * x, x * np.abs(x), y * np.abs(y)]
    # Points count from the centre of a pixel, boxes from the photo's edges.
    return np.stack(features, axis=1), points.mean(axis=1) + 0.5, length
