"""Photos made smaller exactly as PyTorch does it with bytes, by matrices that can be written into a graph.

ONNX has an antialiased resize, too, and a faster one. It rounds otherwise: on noise up to one in seventy levels is off by one
(`benchmarks/export_resize.py`), which moved the points of a small network by more than `parity.py` allows.

*Source*: PyTorch's own weights, ATen/native/cpu/UpSampleKernel.cpp: 16-bit whole numbers, one direction after the other.
"""

from __future__ import annotations

import torch
from torch import Tensor

_BITS = 15
"""Weights stay below 2 to the power of this."""
_MOST_PRECISION = 22
_PART = 256.0


def squeezed(square: Tensor, side: int) -> Tensor:
    """(3,L,L) uint8 to (1,3,side,side) uint8.

    Products of whole numbers are exact in float32 as long as sums stay below 2**24, so weights are taken in two parts.
    """
    weights, unit = whole_weights(square.shape[2], side)
    coarse = torch.floor(weights / _PART)
    parts = (coarse.float(), (weights - coarse * _PART).float())

    def rounded(high: Tensor, low: Tensor) -> Tensor:
        return torch.floor((high.double() * _PART + low.double() + unit / 2) / unit).clamp(0, 255).float()

    across = rounded(*(square.float() @ part.t() for part in parts))
    down = rounded(*(part @ across for part in parts))
    return down[None].to(torch.uint8)


def whole_weights(length: int, side: int) -> tuple[Tensor, Tensor]:
    """Of each of `side` pixels to come, the weights (side,length) of those that are there, and what they sum to about."""
    there, to_come = torch.arange(length, dtype=torch.float64), torch.arange(side, dtype=torch.float64)[:, None]
    scale = (there.max() + 1) / side
    reach = scale.clamp(min=1.0)
    middle = scale * (to_come + 0.5)
    first = (middle - reach + 0.5).floor().clamp(min=0)
    last = (middle + reach + 0.5).floor()
    share = (1 - ((there - middle + 0.5) / reach).abs()).clamp(min=0) * ((there >= first) & (there < last))
    share = share / share.sum(dim=1, keepdim=True)
    steps = 2.0 ** torch.arange(1, _MOST_PRECISION + 1, dtype=torch.float64)
    too_large = torch.floor(0.5 + share.max() * steps) >= 2.0**_BITS
    unit = 2.0 ** (_MOST_PRECISION - too_large.double().sum())
    return torch.floor(0.5 + share * unit), unit
