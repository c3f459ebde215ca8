"""Whether probabilities are honest on labelled rows, before and after calibration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Tensor

from injerto.heads.head import Head
from injerto.metrics.calibration import CALIBRATION, calibration_by_class
from injerto.table.table import Table


def calibration_of(head: Head, table: Table, plain: Tensor, answer: Tensor) -> dict[str, Any]:
    """Of the labelled rows of `table`: `rows`, figures `before` and `after`, and `classes` by name, each after.

    `plain` and `answer` (N,...) are the answers before and after. Empty for a kind without probabilities, and without a label.
    """
    truth = head.truth(head.column(table))
    labelled = np.flatnonzero(truth.known.numpy())
    if head.kind not in CALIBRATION or not len(labelled):
        return {}
    figures, true = CALIBRATION[head.kind], truth.value.numpy()[labelled]
    before, after = plain.numpy()[labelled], answer.numpy()[labelled]
    return {
        "rows": len(labelled),
        "before": figures(true, before),
        "after": figures(true, after),
        "classes": calibration_by_class(head.kind, head.choices, true, after),
    }


def add_calibration(
    scores: dict[str, Any],
    heads: Mapping[str, Head],
    table: Table,
    plain: Mapping[str, Tensor],
    answers: Mapping[str, Tensor],
    *,
    part: str,
) -> None:
    """Put it into `scores` by target, as `calibration`; `fitted_here` says that these rows fitted it: all but test rows."""
    for name in plain:
        found = calibration_of(heads[name], table, plain[name], answers[name])
        if found:
            scores[name]["calibration"] = {**found, "fitted_here": part != "test"}
