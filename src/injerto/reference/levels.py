"""Categories: how rare a level is; of several in a cell, the rarest."""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor

from injerto.features.levels import PADDING
from injerto.features.vocabulary import MISSING, UNKNOWN
from injerto.reference.column import ColumnReference


class LevelsReference(ColumnReference):
    """Cells (M,P) int32: ids of levels, -1 in places that a cell does not fill. UNKNOWN is as rare as anything can be."""

    counts: Tensor
    """(V,) int64: rows with each id."""

    def empty(self, cells: Tensor) -> Tensor:
        return (_wide(cells) == MISSING).any(dim=1)

    def small(self, cells: Tensor) -> Tensor:
        return _wide(cells)

    def learn(self, cells: Tensor, noise: Tensor | None) -> None:
        del noise
        ids = _wide(cells)
        self.counts = torch.bincount(ids[ids != PADDING].long(), minlength=2)
        self.counts[UNKNOWN] = 0

    def apart(self, filled: Tensor, own: Tensor, cells: Tensor, units: Tensor) -> Tensor:
        everywhere, here = _wide(cells), self.cells[filled]
        keys = (units[:, None] * len(self.counts) + everywhere)[everywhere != PADDING]
        pairs, times = keys.unique(return_counts=True)
        wanted = own[filled][:, None] * len(self.counts) + here.clamp_min(0)
        place = torch.searchsorted(pairs, wanted).clamp_max(len(pairs) - 1)
        same = torch.where(pairs[place] == wanted, times[place], 0)
        elsewhere = (self.counts[here.clamp_min(0).long()] - same).clamp_min(0)
        return self._rare(here, elsewhere)

    def strangeness(self, cells: Tensor) -> Tensor:
        ids = _wide(cells)
        safe = ids.clamp_min(0).long()
        counts = torch.where(safe < len(self.counts), self.counts[safe.clamp_max(len(self.counts) - 1)], 0)
        return self._rare(ids, counts)

    def _rare(self, ids: Tensor, counts: Tensor) -> Tensor:
        """(N,) minus the logarithm of how often the rarest level of each cell occurs."""
        most = int(self.counts.sum())
        rarest = torch.where(ids == PADDING, most, counts).amin(dim=1)
        return -((rarest + 1) / (most + 1)).log().float()

    @property
    def tensors(self) -> dict[str, Tensor]:
        return super().tensors | {"counts": self.counts}

    def restore(self, tensors: dict[str, Tensor], *, never_empty: bool) -> Self:
        self.counts = tensors["counts"]
        return super().restore(tensors, never_empty=never_empty)


def _wide(cells: Tensor) -> Tensor:
    return cells if cells.ndim == 2 else cells[:, None]
