"""The rank of things among those that belong together."""

from __future__ import annotations

import numpy as np


def ranks(place: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The rank (P,), from 0, of each thing among those of the same `place`, the highest `score` first.

    Example:
        >>> ranks(np.array([4, 4, 7]), np.array([0.2, 0.9, 0.1])).tolist()
        [1, 0, 0]
    """
    order = np.lexsort((-score, place))
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    rank = np.empty(len(place), dtype=np.int64)
    rank[order] = np.arange(len(place)) - np.repeat(starts, np.diff(np.append(starts, len(place))))
    return rank
