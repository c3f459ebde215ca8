"""How well scores put rows in order: the area under the curve, and average precision."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def rank_auc(positive: Array, score: Array) -> float:
    """The chance that a positive row (N,) scores above a negative one, ties counting half; NaN without both."""
    wanted = positive.astype(np.float64)
    yes = wanted.sum()
    no = len(wanted) - yes
    if not yes or not no:
        return float("nan")
    order = np.argsort(score)
    starts, sizes = _runs(score[order])
    mean_rank = starts + (sizes + 1) / 2
    ranks = float((np.add.reduceat(wanted[order], starts) * mean_rank).sum())
    return float((ranks - yes * (yes + 1) / 2) / (yes * no))


def average_precision(positive: Array, score: Array) -> float:
    """Precision averaged over the recall steps, rows of equal score taken at once; NaN without a positive row."""
    wanted = positive.astype(np.float64)
    if not wanted.any():
        return float("nan")
    order = np.argsort(-score)
    starts, sizes = _runs(score[order])
    found = np.add.reduceat(wanted[order], starts)
    return float((found / wanted.sum() * np.cumsum(found) / (starts + sizes)).sum())


def _runs(ordered: Array) -> tuple[Array, Array]:
    """Start and length of each run of equal values."""
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return starts, np.diff(starts, append=len(ordered))
