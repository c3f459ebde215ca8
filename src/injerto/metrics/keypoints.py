"""How good points are: how far off, in pixels and in shares of the animal, and whether their circles hold what they promise."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from injerto.metrics.ranks import rank_auc

Array = NDArray[Any]

PCK_SHARES = (0.05, 0.1, 0.2)
"""Radii of PCK, the percentage of correct keypoints, in shares of the length of reference."""


def keypoints_metrics(truth: Array, answer: Array) -> dict[str, float]:
    """Points: truth (N,K,4) of x, y, the row's length of reference and being in the picture, NaN where unknown; answers
    (N,K,5) of x, y, radius, confidence and the chance of being in the picture. Lengths are pixels of the photo as stored.

    `rmse_px` is over coordinates, as in Kaggle's challenge: the root of the mean of all squared differences of x and of y.
    `mean_px` and `median_px` are distances, `nme` distances as shares of the row's length of reference, `pck_05` the share of
    points within 0.05 of it. `in_circle` is the share of true places within the radius, which is made for 0.9, and
    `radius_px` the mean radius. `in_picture_auc` tells how well points in the picture are told from others. A figure that the
    rows do not allow is left out.
    """
    if len(truth) != len(answer):
        raise ValueError(f"There are {len(truth)} true values but {len(answer)} answers; give one answer a row.")
    apart = answer[:, :, :2].astype(np.float64) - truth[:, :, :2]
    known = ~np.isnan(apart).any(axis=2)
    figures = _distances(apart[known], truth[:, :, 2][known], answer[:, :, 2][known]) if known.any() else {}
    inside, chance = truth[:, :, 3].ravel(), answer[:, :, 4].ravel()
    said = ~np.isnan(inside) & ~np.isnan(chance)
    figures["in_picture_auc"] = rank_auc(inside[said] > 0, chance[said])
    return {name: float(figure) for name, figure in figures.items() if np.isfinite(figure)}


def _distances(apart: Array, length: Array, radius: Array) -> dict[str, float]:
    """Figures of points whose place is known: errors (M,2), lengths of reference (M,), radii (M,)."""
    distance = np.linalg.norm(apart, axis=1)
    figures = {
        "rmse_px": float(np.sqrt(np.square(apart).mean())),
        "mean_px": float(distance.mean()),
        "median_px": float(np.median(distance)),
    }
    measured = np.isfinite(length)
    if measured.any():
        shares = distance[measured] / length[measured]
        figures["nme"] = float(shares.mean())
        figures |= {f"pck_{round(100 * share):02d}": float((shares <= share).mean()) for share in PCK_SHARES}
    if np.isfinite(radius).all():
        figures |= {"in_circle": float((distance <= radius).mean()), "radius_px": float(radius.mean())}
    return figures
