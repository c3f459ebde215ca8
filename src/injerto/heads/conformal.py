"""Split-conformal limits: how badly the truth may fit an answer, so that it lies within in a given share of new rows.

*Source*: Vovk, Gammerman & Shafer 2005, Algorithmic Learning in a Random World, chapter 2; Papadopoulos et al. 2002 for the
split form. It holds for every sample size where held-out and new rows are exchangeable, whatever the model.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

_LEAST = 1e-15
"""No smaller share makes sense, and one over the smallest numbers is infinite."""


def rows_needed(share_wrong: float, together: float = 1.0) -> int:
    """The fewest held-out rows, `together` of which come at once, by which anything can be promised.

    Example:
        >>> rows_needed(0.05), rows_needed(0.1)
        (19, 9)
    """
    return math.ceil(round(together * (1 / max(share_wrong, _LEAST) - 1), 9))


def limit(misfit: Tensor, coverage: float, together: float = 1.0) -> float:
    """The smallest of `misfit` (n,) within which at least `coverage` of new rows lie; infinity where n is too small.

    As if one more row, or `together` of them that came at once, lay beyond all limits. With single rows this is the
    ceil((n + 1) * coverage)-th smallest, and exact. NOTE differs from the source where rows come in groups: it counts a typical
    group, not the largest, as one more; that is no theorem, and simulated draws in the tests hold it.

    Example:
        >>> limit(torch.arange(1.0, 20.0), 0.9), limit(torch.arange(1.0, 9.0), 0.9)
        (18.0, inf)
    """
    ordered = misfit.double().sort().values
    beyond = torch.arange(len(ordered) - 1, -1, -1, dtype=torch.float64)
    enough = (beyond + together) / (len(ordered) + together) <= 1 - coverage + 1e-9
    return float(ordered[enough][0]) if bool(enough.any()) else math.inf
