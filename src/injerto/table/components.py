"""Connected components: who is joined to whom through any chain of pairs."""

from __future__ import annotations

import numpy as np


def components(count: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The smallest member (N,) of the component of each of `count` things, joined pairwise by `first` and `second` (P,).

    Example:
        >>> components(4, np.array([3, 1]), np.array([1, 0]))
        array([0, 0, 2, 0])
    """
    smallest = np.arange(count)
    while True:
        low = np.minimum(smallest[first], smallest[second])
        lower = smallest.copy()
        np.minimum.at(lower, smallest[first], low)
        np.minimum.at(lower, smallest[second], low)
        while not np.array_equal(lower, lower[lower]):
            lower = lower[lower]  # follow the chain at double speed
        if np.array_equal(lower, smallest):
            return smallest
        smallest = lower
