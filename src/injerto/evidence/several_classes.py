"""Evidence of a target with several classes a row: how well each class is found, and the rows with most mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from injerto.evidence.reliability import reliability
from injerto.evidence.told import Told

LIKELY = 0.5
WORST = 12


def classes_evidence(
    state: Mapping[str, Any], truth: np.ndarray, answer: np.ndarray
) -> tuple[dict[str, Any], dict[str, list[Told]]]:
    """Truth (n,K) of 0 and 1, probabilities (n,K)."""
    levels = [str(level) for level in state["levels"]]
    true, given = truth.astype(bool), answer >= LIKELY
    each = [
        {
            "name": level,
            "rows": int(true[:, place].sum()),
            "found": int((true & given)[:, place].sum()),
            "invented": int((~true & given)[:, place].sum()),
        }
        for place, level in enumerate(levels)
    ]
    mistakes = (true != given).sum(axis=1)
    order = np.argsort(-mistakes, kind="stable")[:WORST]
    worst = [Told(int(row), _joined(levels, true[row]), _joined(levels, given[row])) for row in order if mistakes[row]]
    shown = {"each": each, "reliability": reliability(answer.ravel(), true.ravel()), "reliability_of": "each class"}
    return shown, {"worst": worst}


def _joined(levels: list[str], chosen: np.ndarray) -> str:
    return ", ".join(level for level, on in zip(levels, chosen, strict=True) if on) or "(none)"
