"""Category columns to a vector: the row of each cell's level."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.embedders.levels import LevelsEmbedder


class CategoryEmbedder(LevelsEmbedder):
    """Columns of one level a cell."""

    def forward(self, block: Tensor) -> Tensor:
        """Ids (B,F) to (B, the sum of the columns' widths), columns of one width side by side."""
        rows = [of_width.flatten(1) for of_width in self.rows(block)]
        return rows[0] if len(rows) == 1 else torch.cat(rows, dim=1)
