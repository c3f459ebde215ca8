"""The expected calibration error: how far how sure answers are lies from how often they are right."""

from __future__ import annotations

import numpy as np

from injerto.metrics.figures import Array

BINS = 15


def expected_calibration_error(confidence: Array, hit: Array, weight: Array | None = None) -> float:
    """Mean distance between how sure answers are and how often they are right, over 15 equal bins of confidence.

    *Source*: Guo et al. 2017, On Calibration of Modern Neural Networks, section 2, with their 15 bins of equal width. It is
    never quite 0: on few rows, honest probabilities have one, too. Rows may count by a `weight` (N,).
    """
    weight = np.ones(len(confidence)) if weight is None else weight
    place = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    sure = np.bincount(place, weights=weight * confidence, minlength=BINS)
    right = np.bincount(place, weights=weight * hit, minlength=BINS)
    return float(np.abs(sure - right).sum() / weight.sum())
