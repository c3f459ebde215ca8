"""Numbers: how few training rows lie as far out, and how far beyond all of them a number is."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.reference.column import ColumnReference


class NumberReference(ColumnReference):
    """Cells (M,) float32 in spreads of the column from its middle, NaN where empty.

    A number in a gap between others is not strange, one outside of their range is the stranger the farther it lies.
    """

    def empty(self, cells: Tensor) -> Tensor:
        return cells.isnan()

    def apart(self, filled: Tensor, own: Tensor, cells: Tensor, units: Tensor) -> Tensor:
        del cells, units
        values, unit = self.cells[filled], own[filled]
        found = []
        for part in torch.arange(len(values)).split(256):
            other = unit[part, None] != unit[None]
            x, inf = values[part, None], torch.inf
            below, above = (other & (values <= x)).sum(dim=1), (other & (values >= x)).sum(dim=1)
            low = torch.where(other, values, inf).amin(dim=1)
            high = torch.where(other, values, -inf).amax(dim=1)
            found.append(_far_out(values[part], below, above, low, high, other.sum(dim=1)))
        return torch.cat(found)

    def strangeness(self, cells: Tensor) -> Tensor:
        values = self.cells[~self.empty(self.cells)].sort().values
        count = torch.full((len(cells),), len(values))
        below = torch.searchsorted(values, cells.contiguous(), right=True)
        above = count - torch.searchsorted(values, cells.contiguous())
        return _far_out(cells, below, above, values[0].expand_as(cells), values[-1].expand_as(cells), count)


def _far_out(values: Tensor, below: Tensor, above: Tensor, low: Tensor, high: Tensor, count: Tensor) -> Tensor:
    """(N,) minus the logarithm of the share of `count` numbers that lie as far out on the same side, and the way beyond them.

    Where no other number is, nothing is strange.
    """
    tail = torch.log((count + 1) / (torch.minimum(below, above) + 1))
    beyond = torch.maximum(low - values, values - high).nan_to_num(neginf=0.0, posinf=0.0).clamp_min(0)
    return (tail + torch.log1p(beyond)).float()
