"""A map of rows: where the network puts them, in the two directions that go most with the answer."""

from __future__ import annotations

from typing import Any

import numpy as np

SHOWN = 400
"""Rows on a map."""
MOST_TAUGHT = 4000
"""Training rows that the directions are taken from."""
POWERS = 50
"""Steps of the power method; a map needs no digits."""


def directions(taught: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Two orthogonal directions (width, 2) of `taught` vectors (n, width) along which they vary most with the labels (n, K).

    *Source:* Sampson et al. 1989, the singular vectors of the cross-covariance (partial least squares). Where the labels fill
    one direction alone, the other is that in which what is left of the vectors varies most.
    """
    centred = taught - taught.mean(axis=0)
    found, strength, _ = np.linalg.svd(centred.T @ (labels - labels.mean(axis=0)), full_matrices=False)
    kept = found[:, : min(2, int((strength > 1e-9 * max(strength.max(initial=0.0), 1e-30)).sum()))]
    if kept.shape[1] < 2:
        for _ in range(2 - kept.shape[1]):
            kept = np.concatenate([kept, _widest(centred - centred @ kept @ kept.T)[:, None]], axis=1)
    signs = np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])
    return np.asarray(kept * np.where(signs == 0, 1, signs), dtype=np.float64)  # the same model, the same map


def _widest(rows: np.ndarray) -> np.ndarray:
    """The direction (width,) in which rows (n, width) vary most, by the power method: its square may be large."""
    found = rows[np.square(rows).sum(axis=1).argmax()].copy()
    for _ in range(POWERS):
        found = rows.T @ (rows @ found)
        length = np.linalg.norm(found)
        if length == 0:  # nothing varies any more: a direction of zeros puts all rows on one line
            break
        found /= length
    return np.asarray(found)


def places(taught: np.ndarray, labels: np.ndarray, shown: np.ndarray, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the map: `x` and `y` of `shown` vectors (m, width), and what is `said` of each.

    Example:
        >>> taught = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 1.0], [2.0, 1.0]])
        >>> places(taught, np.array([[0], [1], [0], [1]]), taught[:1], [{"row": 7}])
        [{'x': -1.0, 'y': -0.5, 'row': 7}]
    """
    axes = directions(taught.astype(np.float64), labels.astype(np.float64))
    points = (shown - taught.mean(axis=0)) @ axes
    return [{"x": round(float(x), 3), "y": round(float(y), 3), **words} for (x, y), words in zip(points, said, strict=True)]
