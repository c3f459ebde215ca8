"""Parts of a log-mel picture hidden while a network learns, so that it does not lean on one band or one moment.

*Source*: Park et al. 2019, SpecAugment, Interspeech, arXiv 1904.08779.
"""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.draws import uniform

MASKS = 2
WIDEST = 0.15
"""Share of the bands, and of the frames, that one mask hides at most."""


def masked(picture: Tensor, generator: torch.Generator) -> Tensor:
    """(B,F,T) with two runs of bands and two of frames, drawn for each picture, at the picture's mean."""
    count, bands, frames = picture.shape
    hidden = torch.zeros(count, bands, frames, dtype=torch.bool)
    for _ in range(MASKS):
        hidden |= _runs(count, bands, generator)[:, :, None]
        hidden |= _runs(count, frames, generator)[:, None, :]
    return torch.where(hidden.to(picture.device), picture.mean(dim=(1, 2), keepdim=True), picture)


def _runs(count: int, size: int, generator: torch.Generator) -> Tensor:
    """(count,size) bool: in each row a run of at most `WIDEST` of it, anywhere."""
    length = (uniform(count, 1, generator=generator) * (WIDEST * size + 1)).floor()
    start = (uniform(count, 1, generator=generator) * (size - length + 1)).floor()
    place = torch.arange(size)[None]
    return (place >= start) & (place < start + length)
