"""Evidence of a number target: true values beside answers, and the rows with the largest errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from injerto.evidence.told import Told

SHOWN_POINTS = 800
WORST = 12


def number_evidence(
    state: Mapping[str, Any], truth: np.ndarray, answer: np.ndarray
) -> tuple[dict[str, Any], dict[str, list[Told]]]:
    """Truth (n,) and answers (n,) in the user's units. Of many rows an even choice is shown, the same every time."""
    chosen = np.unique(np.linspace(0, len(truth) - 1, min(len(truth), SHOWN_POINTS)).astype(np.int64))
    points = [[float(f"{truth[row]:.5g}"), float(f"{answer[row]:.5g}")] for row in chosen]
    order = np.argsort(-np.abs(answer - truth), kind="stable")[:WORST]
    worst = [Told(int(row), f"{truth[row]:.5g}", f"{answer[row]:.5g}") for row in order]
    return {"points": points}, {"worst": worst}
