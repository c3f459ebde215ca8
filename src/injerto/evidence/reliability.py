"""Whether sure answers are right: rows gathered by how sure the answer was."""

from __future__ import annotations

from typing import Any

import numpy as np

BINS = 10


def reliability(probability: np.ndarray, happened: np.ndarray, weight: np.ndarray | None = None) -> list[dict[str, Any]]:
    """Ten equal steps of probability (n,); for each that has rows: their count, mean probability and share that happened.

    Rows may count by a `weight` (n,) in mean and share.

    Example:
        >>> reliability(np.array([0.95, 0.97, 0.02]), np.array([True, False, False]))[-1]
        {'rows': 2, 'said': 0.96, 'happened': 0.5}
    """
    step = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    count = np.ones(len(probability)) if weight is None else weight
    return [
        {
            "rows": int((step == place).sum()),
            "said": round(float(np.average(probability[step == place], weights=count[step == place])), 4),
            "happened": round(float(np.average(happened[step == place], weights=count[step == place])), 4),
        }
        for place in np.unique(step)
    ]
