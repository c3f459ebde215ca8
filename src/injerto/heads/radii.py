"""Circles around points that hold the true place in a given share of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import torch
from torch import Tensor

from injerto.heads.cover import Cover

_RADIUS = 2


@dataclass(frozen=True)
class Radii(Cover):
    """Answers (N,K,5) carry the radius that holds nine of ten places; it is made larger or smaller, the same for all."""

    points: Sequence[str]
    coverage: float
    wider: float
    """By what the radii of the answers are multiplied."""
    rows: int
    """Known points of held-out photos."""

    @property
    def words(self) -> str:
        return f"Circles hold the true place of {self.coverage:.0%} of points, by {self.rows:,} points of held-out photos."

    def columns(self, answer: Tensor) -> dict[str, pl.Series]:
        radii = answer[:, :, _RADIUS] * self.wider
        return {f"{name}_radius": pl.Series(radii[:, place].numpy()).fill_nan(None) for place, name in enumerate(self.points)}

    def holds(self, answer: Tensor, truth: Tensor) -> Tensor:
        apart = (answer[:, :, :2] - truth[:, :, :2]).norm(dim=2)
        held: Tensor = apart <= answer[:, :, _RADIUS] * self.wider
        return held[~apart.isnan()]

    def size(self, answer: Tensor) -> Tensor:
        return torch.as_tensor(answer[:, :, _RADIUS] * self.wider).nanmean(dim=1)
