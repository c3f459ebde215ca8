"""Whether a map tells anything: does it depend on what was learned, and does the answer depend on what it points at?

*Source*: Adebayo et al. 2018, Sanity Checks for Saliency Maps, NeurIPS (random weights); Petsiuk, Das and Saenko 2018, RISE,
BMVC (deletion).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Literal

import numpy as np
import torch
from torch import nn

from injerto.draws import seeded
from injerto.network import Network

Part = Literal["head", "backbone", "all"]


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's, of all values; equals share their ranks. NaN where one of the two is the same everywhere.

    Example:
        >>> rank_correlation(np.array([1, 2, 3, 4]), np.array([10, 30, 20, 40]))
        0.8
    """
    ranks = [_ranks(np.ravel(one)) for one in (first, second)]
    if any(one.std() == 0 for one in ranks):
        return float("nan")
    return round(float(np.corrcoef(ranks[0], ranks[1])[0, 1]), 12)


def _ranks(values: np.ndarray) -> np.ndarray:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place])


def randomised(network: Network, part: Part, seed: int) -> Network:
    """A copy of which the head's weights, those of the backbones, or both are drawn anew, as before anything was learned.

    Heads start from zero, which gives no map at all: theirs get random numbers of the size that was learned.
    """
    other = deepcopy(network).eval()
    with seeded(seed), torch.no_grad():
        if part != "head":
            for backbone in other.backbones:
                for module in backbone.modules():
                    if isinstance(module, nn.Conv2d | nn.BatchNorm2d | nn.Linear):
                        module.reset_parameters()
        if part != "backbone":
            for head in (*other.targets.values(), *other.probe_heads.values()):
                weight = head.convolve.weight
                weight.copy_(torch.randn_like(weight) * weight.std().clamp_min(1e-6))
    return other


def deletion(value: Callable[[np.ndarray], float], order: np.ndarray, steps: int) -> np.ndarray:
    """The answer's value (steps+1,) as more and more places of a file are erased, in `order` (P,), from none to all.

    `value` gives it for a file without the places (P,) bool that are marked.
    """
    values = []
    for count in np.linspace(0, len(order), steps + 1).round().astype(int):
        gone = np.zeros(len(order), dtype=bool)
        gone[order[:count]] = True
        values.append(value(gone))
    return np.array(values)


def area(curve: np.ndarray) -> float:
    """Under a curve over shares from 0 to 1, by trapezia.

    Example:
        >>> area(np.array([1.0, 0.5, 0.0]))
        0.5
    """
    return float((curve[:-1] + curve[1:]).mean() / 2)
