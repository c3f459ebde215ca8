"""Whether circles are honest: answers gathered by how large their circle is, the surest first."""

from __future__ import annotations

from typing import Any

import numpy as np

STEPS = 5


def circles(distance: np.ndarray, radius: np.ndarray) -> list[dict[str, Any]]:
    """Errors and radii (n,) in one unit; for each fifth of the answers by radius: their count, mean radius and mean error, and
    the share of true places inside. Without radii there is nothing to tell.

    Example:
        >>> circles(np.array([1.0, 9.0]), np.array([2.0, 4.0]))[-1]
        {'points': 1, 'radius': 4.0, 'error': 9.0, 'inside': 0.0}
    """
    if not np.isfinite(radius).all():
        return []
    order = np.argsort(radius, kind="stable")
    return [
        {
            "points": len(step),
            "radius": round(float(radius[step].mean()), 3),
            "error": round(float(distance[step].mean()), 3),
            "inside": round(float((distance[step] <= radius[step]).mean()), 4),
        }
        for step in np.array_split(order, STEPS)
        if len(step)
    ]
