"""Learned rows on a plane: the two directions in which levels differ most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Plane:
    """Points (rows, 2) float64, and the share of the spread between levels that each axis shows."""

    points: np.ndarray
    shares: tuple[float, float]


def plane_of(rows: np.ndarray, first: int) -> Plane:
    """Principal components of the rows from `first` on; rows before it (UNKNOWN, MISSING) are only drawn among them.

    Every level counts once, however many rows it has. Directions have no natural sign: the largest weight of each is
    made positive, so that the same model always gives the same map.
    """
    levels = rows[first:].astype(np.float64)
    middle = levels.mean(axis=0) if len(levels) else np.zeros(rows.shape[1])
    levels -= middle
    variances, directions = np.linalg.eigh(levels.T @ levels)
    variances, directions = np.clip(variances[::-1][:2], 0, None), directions[:, ::-1][:, :2]
    directions = directions * np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(directions.shape[1])])
    whole = float(np.square(levels).sum())
    points, shares = np.zeros((len(rows), 2)), [0.0, 0.0]
    for axis in range(directions.shape[1]):
        points[:, axis] = (rows - middle) @ directions[:, axis]
        shares[axis] = float(variances[axis]) / whole if whole else 0.0
    return Plane(points, (shares[0], shares[1]))
