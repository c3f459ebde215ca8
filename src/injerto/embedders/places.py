"""Places of an animal as one vector: what is on each part of the photo, to be compared with what lies near it on another."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.likeness import Likeness

DEPTH = 64
"""Numbers of a place."""
REACH = 2 / 7
"""By how much of the photo's side a part of an animal may lie elsewhere: a stride, a lowered neck, another crop."""
_FLAT = 0.02
"""Axes that hardly differ are noise: none counts as if it differed less than this share of the first."""
_LEAST = 1e-6


class Places(nn.Module):
    """Two 1x1 convolutions over the map: one says what a place looks like, the other how much it tells.

    A vector is all places one after the other, as `Likeness` compares them: each at the root of its share of what is told.
    """

    def __init__(self, channels: int, side: int) -> None:
        """For maps of `channels`, `side` places high and wide."""
        super().__init__()
        self.read, self.tell = nn.Conv2d(channels, DEPTH, kernel_size=1), nn.Conv2d(DEPTH, 1, kernel_size=1)
        self.likeness = Likeness(side, round(REACH * side))
        self.width, self.summary_width = DEPTH * side**2, DEPTH
        for parameter in self.tell.parameters():
            nn.init.zeros_(parameter)  # every place tells as much as any other, until something is learned

    def forward(self, places: Tensor) -> Tensor:
        """(B,C,H,H) to unit vectors (B,H*H*64)."""
        read = self.read(places)
        tells = functional.softplus(self.tell(read)).flatten(1) + _LEAST
        share = tells / tells.sum(dim=1, keepdim=True)
        looks = functional.normalize(read.flatten(2).transpose(1, 2), dim=2)
        vectors: Tensor = (share.sqrt()[:, :, None] * looks).flatten(1)
        return vectors

    def summary(self, vectors: Tensor) -> Tensor:
        """Vectors (B,H*H*64) to what the photo looks like on the whole (B,64): the mean of its places by what they tell."""
        places = vectors.unflatten(1, (-1, DEPTH))
        mean: Tensor = (places.norm(dim=2, keepdim=True) * places).sum(dim=1)
        return mean

    @torch.no_grad()
    def start(self, places: Tensor) -> None:
        """Look at places (n,C) of frozen maps along the axes in which they differ most, all of which count alike.

        *Source*: whitening as Jégou and Chum use it, Negative evidences and co-occurrences in image retrieval, ECCV 2012.
        """
        middle = places.mean(dim=0)
        spread, axes = torch.linalg.eigh(torch.cov((places - middle).T))
        kept = min(DEPTH, places.shape[1])
        spread, axes = spread[-kept:].flip(0).clamp_min(0), axes[:, -kept:].flip(1)
        weight = torch.zeros(DEPTH, places.shape[1])
        weight[:kept] = (axes / (spread.sqrt() + _FLAT * spread.sqrt().max())).T
        self.read.weight.copy_(weight[:, :, None, None])
        self.read.bias.copy_(-weight @ middle)  # type: ignore[union-attr]
