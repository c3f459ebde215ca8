"""Mixup: two rows as one, and the network is asked for both labels by their shares.

*Source*: Zhang et al. 2018, mixup, ICLR, arXiv 1710.09412.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from injerto.heads.head import Labels, Mixed

MIXED_BATCHES = 0.5
STRENGTH = 0.4
"""Both parameters of the beta distribution that shares are drawn from: mostly one row, with a little of another."""


def mixed_up(
    raw: Mapping[str, Tensor], labels: Mapping[str, Labels], generator: torch.Generator
) -> tuple[dict[str, Tensor], dict[str, Labels]]:
    """Half of the batches with each row laid over its neighbour; the others as they are."""
    if float(torch.rand((), generator=generator)) >= MIXED_BATCHES:
        return dict(raw), dict(labels)
    share = _beta(generator)
    laid = {key: share * block + (1 - share) * block.roll(1, dims=0) for key, block in raw.items()}
    told = {
        name: Labels(own.value, own.known, Mixed(Labels(own.value.roll(1, dims=0), own.known.roll(1, dims=0)), share))
        for name, own in labels.items()
    }
    return laid, told


def _beta(generator: torch.Generator) -> float:
    """A share of Beta(STRENGTH, STRENGTH), by Jöhnk's way: torch draws none from a generator of one's own."""
    while True:
        left, right = (float(drawn) ** (1 / STRENGTH) for drawn in torch.rand(2, generator=generator))
        if 0 < left + right <= 1:
            share: float = left / (left + right)
            return share
