"""Evidence of points: how far off each is, and the photos with the largest errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

WORST = 12


def keypoints_evidence(
    state: Mapping[str, Any], truth: np.ndarray, answer: np.ndarray
) -> tuple[dict[str, Any], list[tuple[int, str, str]]]:
    """Truth (n,K,4) and answers (n,K,5) in pixels; the worst rows by the root mean square of their known points' errors."""
    apart = np.linalg.norm(answer[:, :, :2] - truth[:, :, :2], axis=2)
    known = ~np.isnan(apart)
    square = np.where(known, np.square(apart), 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    order = np.argsort(-square, kind="stable")[:WORST]
    return {}, [(int(row), f"{known[row].sum()} points", f"off by {np.sqrt(square[row]):.3g} pixels") for row in order]
