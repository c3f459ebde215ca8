"""Marks of an animal as one vector: what is where on the map of a photo, not only what is somewhere on it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.draws import own, whole
from injerto.likeness import COSINE

WIDTH = 256
"""Numbers of a vector."""
DROPOUT = 0.2


class Marks(nn.Module):
    """A 1x1 convolution over every place of the map; a dense layer reads all places, each by weights of its own.

    The mean over places, which tells kinds of things apart, forgets where a mark is, and that is what individuals differ by.
    The convolution starts as one that changes nothing.

    *Source*: Deng et al., ArcFace, CVPR 2019, section 3.2, embedding setting E, with a 1x1 convolution before it.
    """

    def __init__(self, channels: int, side: int) -> None:
        """For maps of `channels`, `side` places high and wide."""
        super().__init__()
        self.mix, self.bend = nn.Conv2d(channels, channels, kernel_size=1), nn.PReLU(channels, init=1.0)
        self.read = nn.Linear(channels * side * side, WIDTH)
        self.likeness = COSINE
        self.width = self.summary_width = WIDTH
        nn.init.eye_(self.mix.weight.data[:, :, 0, 0])
        nn.init.zeros_(self.mix.bias)  # type: ignore[arg-type]

    def forward(self, places: Tensor) -> Tensor:
        """(B,C,H,H) to vectors (B,256), of any length."""
        vectors: Tensor = self.read(self.thinned(self.bend(self.mix(places)).flatten(1)))
        return vectors

    def thinned(self, flat: Tensor) -> Tensor:
        """While training, with some of the numbers (B,n) of each row left out and the others louder."""
        if not self.training:
            return flat
        factors: Tensor = own(functional.dropout(torch.ones(whole(len(flat)), flat.shape[1], dtype=flat.dtype), DROPOUT))
        return flat * factors.to(flat.device)

    def summary(self, vectors: Tensor) -> Tensor:
        """Vectors (B,256) as they are: what else is asked is read from all of them."""
        return vectors

    @torch.no_grad()
    def start(self, weight: Tensor, bias: Tensor) -> None:
        """Read flattened maps (B,C*H*H) by `weight` (256,C*H*H) and `bias` (256,) from now on."""
        self.read.weight.copy_(weight)
        self.read.bias.copy_(bias)
