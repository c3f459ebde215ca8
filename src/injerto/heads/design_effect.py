"""How many held-out rows tell as much as one, where rows of one recording or animal are answered wrongly together.

*Source*: Kish 1965, Survey Sampling, section 5.4: 1 + (size of a group - 1) * intraclass correlation; the correlation by
analysis of variance (Donner 1986, A Review of Inference Procedures for the Intraclass Correlation Coefficient).
"""

from __future__ import annotations

import torch
from torch import Tensor


def seen_together(unit: Tensor) -> float:
    """How many rows a row sees come together, itself among them: the sum of squared sizes of the units (n,) over their sum.

    1 where each came alone, and where there are none.

    Example:
        >>> seen_together(torch.tensor([0, 0, 0, 1]))
        2.5
    """
    sizes = torch.unique(unit, return_counts=True)[1].double()
    return float(sizes.square().sum() / sizes.sum()) if len(unit) else 1.0


def design_effect(wrong: Tensor, unit: Tensor) -> float:
    """From 1, where being `wrong` (n,) has nothing to do with the `unit` (n,) a row is of, to the size of a unit as a row sees
    it, where all rows of a unit are wrong or none.

    Example:
        >>> wrong, unit = torch.tensor([1, 1, 0, 0, 0, 0]).bool(), torch.tensor([0, 0, 1, 1, 2, 2])
        >>> design_effect(wrong, unit), design_effect(torch.tensor([1, 0, 1, 0, 1, 0]).bool(), unit)
        (2.0, 1.0)
    """
    place, sizes = torch.unique(unit, return_inverse=True, return_counts=True)[1:]
    size, rows, units = sizes.double(), len(wrong), len(sizes)
    if units in (rows, 0, 1):
        return float(max(1, rows)) if units == 1 else 1.0
    own = wrong.double()
    mean = torch.zeros(units, dtype=torch.float64).index_add_(0, place, own) / size
    between = (size * (mean - own.mean()).square()).sum() / (units - 1)
    within = (own - mean[place]).square().sum() / (rows - units)
    together = seen_together(unit)
    typical = (rows - together) / (units - 1)
    whole = between + (typical - 1) * within
    correlation = float(((between - within) / whole).clamp(0, 1)) if whole > 0 else 1.0
    return 1 + (together - 1) * correlation
