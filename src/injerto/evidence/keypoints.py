"""Evidence of points: how far off each is, whether circles hold what they promise, and photos to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from injerto.evidence.circles import circles
from injerto.evidence.told import Mark, Told
from injerto.metrics.keypoints import keypoints_metrics
from injerto.table.keypoints.layout import IN_PICTURE_FROM

WORST = 12
RULE = 8
_SIGNIFICANT = "{:.5g}"


def keypoints_evidence(
    state: Mapping[str, Any], truth: np.ndarray, answer: np.ndarray
) -> tuple[dict[str, Any], dict[str, list[Told]]]:
    """Truth (n,K,4) and answers (n,K,5) in pixels. `worst` are the rows whose known points are farthest off on average, and
    `rule` are rows at even steps from the best to the worst; none where all rows are among the worst.
    """
    names = [str(name) for name in state["parts"]]
    distance = np.linalg.norm(answer[:, :, :2] - truth[:, :, :2], axis=2)
    known = ~np.isnan(distance)
    judged = np.flatnonzero(known.any(axis=1))
    off = np.nanmean(distance[judged], axis=1)
    order = np.argsort(off, kind="stable")
    steps = ((np.arange(RULE) + 0.5) / RULE * len(judged)).astype(np.int64)
    galleries = {"worst": order[::-1][:WORST], "rule": order[steps] if len(judged) > WORST else order[:0]}
    rows = {
        gallery: [
            Told(
                int(judged[place]),
                f"{known[judged[place]].sum()} points",
                f"off by {off[place]:.3g} pixels",
                marks=_marks(names, truth[judged[place]], answer[judged[place]]),
            )
            for place in places
        ]
        for gallery, places in galleries.items()
    }
    shown = {
        "reference": {"between": state["reference"], "mean_px": _mean(truth[judged, 0, 2])},
        "each": [_point(name, truth[:, [place]], answer[:, [place]]) for place, name in enumerate(names)],
        "circles": circles(distance[known], answer[:, :, 2][known]),
    }
    return shown, rows


def _point(name: str, truth: np.ndarray, answer: np.ndarray) -> dict[str, Any]:
    """One point's rows and figures, the same as those of all points together."""
    figures = keypoints_metrics(truth, answer)
    rows = int((~np.isnan(truth[:, 0, :2]).any(axis=1)).sum())
    return {"name": name, "rows": rows, **{figure: float(_SIGNIFICANT.format(value)) for figure, value in figures.items()}}


def _marks(names: Sequence[str], truth: np.ndarray, answer: np.ndarray) -> tuple[Mark, ...]:
    """The points of one row, of truth (K,4) and answers (K,5)."""
    return tuple(
        Mark(
            name,
            truth=None if np.isnan(true[:2]).any() else (float(true[0]), float(true[1])),
            answer=(float(given[0]), float(given[1])),
            radius=float(given[2]) if np.isfinite(given[2]) else None,
            in_picture=bool(given[4] >= IN_PICTURE_FROM),
        )
        for name, true, given in zip(names, truth, answer, strict=True)
    )


def _mean(length: np.ndarray) -> float | None:
    measured = length[np.isfinite(length)]
    return float(_SIGNIFICANT.format(measured.mean())) if len(measured) else None
