"""Rows as a linear model takes them: numbers standardised, one column a level, vectors of files standardised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.features.date import PARTS, DateFeature
from injerto.features.levels import PADDING, LevelsFeature
from injerto.network import Batch, Block

MOST_LEVELS = 100
"""Levels of a column that have a column of their own: UNKNOWN, MISSING and the most frequent; others count as UNKNOWN."""
FARTHEST = 10.0
"""Standard deviations beyond which a number counts as so far off: a linear model follows one wild cell anywhere."""


class Design(nn.Module):
    """Blocks of encoded rows side by side. What `fit` learns of the training rows are buffers."""

    def __init__(self, blocks: Sequence[Block], widths: Mapping[str, int]) -> None:
        """`widths` are those of the vectors of files, by block."""
        super().__init__()
        self.parts = nn.ModuleDict({block.key: _part(block, widths) for block in blocks})
        self.width = sum(part.width for part in self._parts().values())

    def fit(self, batch: Batch) -> None:
        """Learn means and scales from training rows."""
        for key, part in self._parts().items():
            if isinstance(part, Standardised):
                part.fit(_values(batch, key))

    def forward(self, batch: Batch) -> Tensor:
        """Rows (B, width) float32."""
        return torch.cat([part(_values(batch, key)) for key, part in self._parts().items()], dim=1)

    def _parts(self) -> dict[str, Standardised | OneHot]:
        return {key: part for key, part in self.parts.items() if isinstance(part, Standardised | OneHot)}


class Standardised(nn.Module):
    """Numbers (B,F), NaN where missing, to (B,2F): standardised with 0 for missing, and whether they are."""

    mean: Tensor
    scale: Tensor

    def __init__(self, columns: int, *, told_missing: bool) -> None:
        super().__init__()
        self.told_missing, self.width = told_missing, columns * (1 + told_missing)
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("scale", torch.ones(columns))

    def fit(self, values: Tensor) -> None:
        """Mean and standard deviation of the cells that hold something; 1 where nothing differs."""
        known = values.isfinite()
        count = known.sum(dim=0).clamp_min(1)
        tame = torch.where(known, values, 0.0).clamp(-1e6, 1e6).double()
        mean = tame.sum(dim=0) / count
        spread = (torch.where(known, tame - mean, 0.0).square().sum(dim=0) / count).sqrt()
        self.mean.copy_(mean.float())
        self.scale.copy_(torch.where(spread > 1e-9, spread, 1.0).float())

    def forward(self, values: Tensor) -> Tensor:
        missing = ~values.isfinite()
        standard = ((values - self.mean) / self.scale).clamp(-FARTHEST, FARTHEST).masked_fill(missing, 0.0)
        return torch.cat([standard, missing.float()], dim=1) if self.told_missing else standard


class OneHot(nn.Module):
    """Ids (B,P) of columns of levels, P places in all, to a column a level; of several levels in a cell their shares."""

    def __init__(self, features: Sequence[LevelsFeature]) -> None:
        super().__init__()
        self.places = [feature.places_ for feature in features]
        self.levels = [min(feature.vocabulary_.rows, MOST_LEVELS) for feature in features]
        self.width = sum(self.levels)

    def forward(self, ids: Tensor) -> Tensor:
        parts = []
        for own, levels in zip(ids.split(self.places, dim=1), self.levels, strict=True):
            filled = own != PADDING
            codes = torch.where((own >= levels) | ~filled, 0, own).long()
            hot = functional.one_hot(codes, levels).float() * filled[:, :, None]
            parts.append(hot.sum(dim=1) / filled.sum(dim=1).clamp_min(1)[:, None])
        return torch.cat(parts, dim=1)


def _part(block: Block, widths: Mapping[str, int]) -> Standardised | OneHot:
    levels = [feature for feature in block.features if isinstance(feature, LevelsFeature)]
    if levels:
        return OneHot(levels)
    if block.key in widths:
        return Standardised(widths[block.key], told_missing=False)
    columns = sum(PARTS if isinstance(feature, DateFeature) else 1 for feature in block.features)
    return Standardised(columns, told_missing=True)


def _values(batch: Batch, key: str) -> Tensor:
    return batch.vectors[key] if key in batch.vectors else batch.scalars[key]
