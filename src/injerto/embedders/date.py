"""Dates to a vector: trend and cycles as they are, and learned values for what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from injerto.draws import own, whole
from injerto.embedders.embedder import Embedder
from injerto.features.date import PARTS, DateFeature

HIDDEN_SHARE = 0.5
"""Share of training rows whose trend is hidden, so that the network knows what to say of moments beyond its range."""


class DateEmbedder(Embedder):
    """The parts of all date columns side by side, each with a flag that says whether its trend is known."""

    def __init__(self, features: Sequence[DateFeature]) -> None:
        super().__init__()
        self.width = len(features) * (PARTS + 1)
        self.missing = nn.Parameter(torch.zeros(len(features), PARTS))

    def forward(self, block: Tensor) -> Tensor:
        """Parts (B, F*23) of each column after the other, NaN for missing, to (B, F*24)."""
        block = block.unflatten(1, (-1, PARTS))
        if self.training:
            hidden = own(torch.rand(whole(len(block)), block.shape[1])) < HIDDEN_SHARE
            block = block.clone()  # it may be the user's own
            block[:, :, 0].masked_fill_(hidden.to(block.device), torch.nan)
        unknown = block.isnan()
        return torch.cat([~unknown[:, :, :1], torch.where(unknown, self.missing, block)], dim=2).flatten(1)
