"""A model against a plainer answer on the same rows: the difference of every figure, and how far it can be trusted."""

from __future__ import annotations

from typing import Any

import numpy as np

from injerto.comparison import Difference
from injerto.metrics import METRICS
from injerto.metrics.figures import Metric
from injerto.metrics.paired import Side, differences, paired_bootstrap

DRAWS = 200

Against = dict[str, dict[str, Any]]
"""By figure: `difference` (model less rival), its 95 % `interval` or None, and `better`: "model", "rival" or None."""


def against(
    kind: str,
    truth: np.ndarray,
    model: np.ndarray,
    rival: np.ndarray,
    units: np.ndarray | None,
    *,
    metric: Metric | None = None,
) -> Against:
    """Both answers (N,...) to rows whose `truth` (N,...) is known; `units` (N,) are drawn whole.

    `metric` stands in for the one of the kind where answers are laid out otherwise.
    """
    if not len(truth):
        return {}
    metric, sides = metric or METRICS[kind], (Side(truth, rival), Side(truth, model))
    plain, own = (metric(*side) for side in sides)
    intervals = paired_bootstrap(metric, *sides, groups=units, draws=DRAWS)
    found = {name: Difference(name, plain[name], own[name], intervals.get(name)) for name in differences(plain, own)}
    return {
        name: {
            "difference": one.difference,
            "interval": one.interval,
            "better": None if one.better is None else "model" if one.better == "B" else "rival",
        }
        for name, one in found.items()
    }
