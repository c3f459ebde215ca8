"""Rows by the group they belong to, so that the rows of many groups are found without a loop."""

from __future__ import annotations

import numpy as np


class Grouped:
    """Rows 0 to N-1 in the order of their group.

    Example:
        >>> rows, place = Grouped(np.array([1, 0, 1]), 2).members(np.array([1, 0]))
        >>> rows.tolist(), place.tolist()
        ([0, 2, 1], [0, 0, 1])
    """

    def __init__(self, codes: np.ndarray, groups: int) -> None:
        """`codes` (N,) int64: the group of each row, -1 for none."""
        self.order = np.argsort(codes, kind="stable")
        self.order = self.order[int((codes < 0).sum()) :]
        self.starts = np.searchsorted(codes[self.order], np.arange(groups + 1))

    def members(self, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The rows of `groups` (G,), one group after the other, and for each row the place of its group among those given."""
        places, which = spans(self.starts[groups], self.starts[groups + 1])
        return self.order[places], which


def spans(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The whole numbers from each of `starts` (G,) up to before its end, and for each number its span.

    Example:
        >>> numbers, which = spans(np.array([5, 0]), np.array([7, 1]))
        >>> numbers.tolist(), which.tolist()
        ([5, 6, 0], [0, 0, 1])
    """
    lengths = ends - starts
    which = np.repeat(np.arange(len(starts)), lengths)
    before = np.cumsum(lengths) - lengths
    return np.arange(len(which)) - before[which] + starts[which], which
