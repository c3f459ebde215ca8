"""Dates: how many days a moment lies outside of what training spanned."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.features.date import DAY_SECONDS, DateFeature
from injerto.features.feature import Feature
from injerto.reference.column import ColumnReference
from injerto.table.column import Column


class DateReference(ColumnReference):
    """Cells (M,) float64: days since 1970, NaN where empty. Any new table is later, so dates tell nothing of the whole row."""

    tells_of_rows: ClassVar[bool] = False

    span: Tensor
    """(2,) float64: the first and the last day."""

    @classmethod
    def read(cls, feature: Feature, column: Column) -> Tensor:
        assert isinstance(feature, DateFeature)
        return torch.from_numpy(feature.seconds(column) / DAY_SECONDS)

    def encoded(self, feature: Feature) -> Tensor | None:
        moments = (self.cells * DAY_SECONDS * 1e6).round()
        values = pl.Series(feature.name, moments.numpy()).fill_nan(None).cast(pl.Int64).cast(pl.Datetime("us"))
        return feature.encode(Column(feature.name, values, Path(), np.arange(len(values))))

    def empty(self, cells: Tensor) -> Tensor:
        return cells.isnan()

    def learn(self, cells: Tensor, noise: Tensor | None) -> None:
        del noise
        known = cells[~cells.isnan()]
        self.span = torch.stack([known.min(), known.max()]) if len(known) else torch.zeros(2, dtype=torch.float64)

    def apart(self, filled: Tensor, own: Tensor, cells: Tensor, units: Tensor) -> Tensor:
        known = ~cells.isnan()
        names, place = units[known].unique(return_inverse=True)
        ends = []
        for sign in (1.0, -1.0):  # of each unit the first day, then minus the last
            ends.append(torch.full((len(names),), torch.inf).double().scatter_reduce(0, place, sign * cells[known], "amin"))
        mine = torch.searchsorted(names, own[filled].contiguous())
        first, last = (_least_of_others(end, mine) for end in ends)
        return _outside(self.cells[filled], first, -last).float()

    def strangeness(self, cells: Tensor) -> Tensor:
        return _outside(cells, *self.span).float()

    @property
    def tensors(self) -> dict[str, Tensor]:
        return super().tensors | {"span": self.span}

    def restore(self, tensors: dict[str, Tensor], *, never_empty: bool) -> Self:
        self.span = tensors["span"]
        return super().restore(tensors, never_empty=never_empty)


def _least_of_others(values: Tensor, mine: Tensor) -> Tensor:
    """The least of `values` (U,) but for the own one, for each of the places `mine` (F,)."""
    least, second = values.topk(2, largest=False)
    return torch.where(mine == second[0], least[1], least[0])


def _outside(days: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """Days (N,) outside of a span."""
    return torch.maximum(first - days, days - last).clamp_min(0)
