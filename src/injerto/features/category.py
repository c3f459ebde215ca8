"""Category columns: a level's id in a vocabulary learned from the training rows."""

from __future__ import annotations

import polars as pl
import torch
from torch import Tensor

from injerto.features.levels import LevelsFeature
from injerto.features.spelling import text_of
from injerto.table.column import Column


class CategoryFeature(LevelsFeature):
    """A column of one level a cell."""

    def fullest(self, column: Column) -> int:
        return 1

    def texts(self, column: Column) -> pl.Series:
        return text_of(column)

    def encode(self, column: Column) -> Tensor:
        """N cells to ids (N,) int32."""
        return torch.from_numpy(self.vocabulary_.ids(text_of(column)))
