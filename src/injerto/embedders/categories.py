"""Columns of bags to a vector: the mean of the rows of a cell's levels."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.embedders.levels import LevelsEmbedder
from injerto.features.levels import PADDING


class CategoriesEmbedder(LevelsEmbedder):
    """Columns of several levels a cell, in places of which some are empty.

    *Source*: Joulin et al. 2017, Bag of Tricks for Efficient Text Classification, arXiv 1607.01759: the mean of the rows.
    """

    def forward(self, block: Tensor) -> Tensor:
        """Ids (B,P) to (B, the sum of the columns' widths)."""
        filled = block != PADDING
        parts = []
        of_groups = self.rows(block.clamp_min(0))
        for group, rows, picked in zip(self.groups, of_groups, self.picked, strict=True):
            weight = filled.index_select(1, picked.to(block.device)).to(rows.dtype)
            start = 0
            for feature in group:
                place = slice(start, start + feature.places_)
                share = weight[:, place] / weight[:, place].sum(dim=1, keepdim=True).clamp_min(1)
                parts.append((rows[:, place] * share[:, :, None]).sum(dim=1))
                start += feature.places_
        return torch.cat(parts, dim=1)
