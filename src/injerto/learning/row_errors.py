"""What the errors at a row's other points say of the error at one of them.

Whoever tells the points of a photo is often wrong about all of them alike, as when an animal looks aside. Against that, one
label that is wrong for itself stands out.
"""

from __future__ import annotations

import numpy as np

CLIPPED = 4.0
"""An error counts at most this many times its point's typical one: a wrong label is to say little of the others."""
_SHARED_RIDGE = 0.05
_PULL_ROWS = 4
"""So many rows a point, times this, are as strong as the belief that errors at different points have nothing in common."""


def expected_errors(errors: np.ndarray) -> np.ndarray:
    """Of `errors` (N,K,2), NaN where unknown: the mean (N,K,2) of each, given the errors at the other points of the row.

    The mean of a Gaussian given the rest, x_k - inv(Q_kk) (Q x)_k with Q the inverse of the covariance of what the row knows.
    """
    count = errors.shape[1]
    clipped = _clipped(errors)
    covariance = _covariance(clipped)
    known = ~np.isnan(clipped).any(axis=2)
    patterns, pattern_of = np.unique(known, axis=0, return_inverse=True)
    expected = np.full(errors.shape, np.nan)
    for number, pattern in enumerate(patterns):
        points = np.flatnonzero(pattern)
        if not len(points):
            continue
        rows = np.flatnonzero(pattern_of.ravel() == number)
        axes = (np.arange(2 * count).reshape(count, 2)[points]).ravel()
        precision = np.linalg.inv(covariance[np.ix_(axes, axes)])
        own = clipped[np.ix_(rows, points)]
        pulled = (own.reshape(len(rows), -1) @ precision).reshape(own.shape)
        for place, point in enumerate(points):
            block = precision[2 * place : 2 * place + 2, 2 * place : 2 * place + 2]
            expected[rows, point] = own[:, place] - np.linalg.solve(block, pulled[:, place].T).T
    return expected


def typical(errors: np.ndarray) -> np.ndarray:
    """The median length (K,) of the errors (N,K,2) at each point; NaN for one that no row knows."""
    lengths = np.linalg.norm(errors, axis=2)
    return np.array([np.median(own[~np.isnan(own)]) if (~np.isnan(own)).any() else np.nan for own in lengths.T])


def _clipped(errors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(errors, axis=2)
    shrink = np.minimum(1, CLIPPED * typical(errors) / np.maximum(lengths, np.finfo(np.float64).tiny))
    return np.asarray(errors * shrink[:, :, None])


def _covariance(errors: np.ndarray) -> np.ndarray:
    """(2K,2K) from the rows that know both points, pulled towards none between points where those are few."""
    count = errors.shape[1]
    flat = errors.reshape(len(errors), -1)
    known = (~np.isnan(flat)).astype(np.float64)
    filled = np.nan_to_num(flat)
    both = known.T @ known
    covariance = filled.T @ filled / np.maximum(both, 1)
    trust = both / (both + _PULL_ROWS * count)
    same = np.kron(np.eye(count), np.ones((2, 2))) > 0
    covariance = np.where(same, covariance, covariance * trust)
    ridge = _SHARED_RIDGE * max(float(np.diag(covariance).mean()), np.finfo(np.float64).tiny)
    values, directions = np.linalg.eigh(covariance)
    return np.asarray(directions * np.maximum(values, 0) @ directions.T + ridge * np.eye(2 * count))
