"""A light decoder: what the coarse maps of a pyramid know, brought down to its finest one.

*Source*: Lin et al., Feature Pyramid Networks, CVPR 2017, with depthwise separable convolutions in the place of whole ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from torch import Tensor, nn
from torch.nn import functional

from injerto.backbones.batch_norm import BatchNorm2d

WIDTH = 64
"""Channels of the map."""
MARGIN_SHARE = 0.125
"""The map reaches so far beyond every edge of the photo, at least: points may lie a little outside it."""


class Decoder(nn.Module):
    """A 1x1 convolution brings each level to one width; from the coarsest on, each is doubled in size and added to the next."""

    def __init__(self, widths: Sequence[int], width: int = WIDTH) -> None:
        """`widths` are the channels of the levels, the finest first; each has half the side of the one before."""
        super().__init__()
        self.width = width
        self.laterals = nn.ModuleList(nn.Conv2d(channels, width, kernel_size=1) for channels in widths)
        self.mixes = nn.ModuleList(Mix(width) for _ in widths)

    def forward(self, levels: Sequence[Tensor], hint: Tensor | None = None) -> Tensor:
        """Maps (B,C,h,h), the finest first, to (B,width,H,H) with H > h: the finest map with a margin on every side.

        `hint` (B,width) is added at every place before the last mixing: something known of the whole photo.
        """
        margin = margin_of(levels[-1].shape[2])
        finer: Tensor | None = None
        for depth in reversed(range(len(levels))):
            places = functional.pad(levels[depth], [margin * 2 ** (len(levels) - 1 - depth)] * 4)
            places = self.laterals[depth](places)
            if finer is not None:
                places = places + functional.interpolate(finer, scale_factor=2.0, mode="nearest")
            if depth == 0 and hint is not None:
                places = places + hint[:, :, None, None]
            finer = self.mixes[depth](places)
        assert finer is not None
        return finer


class Mix(nn.Module):
    """A look at the neighbours of each place, channel by channel, and a 1x1 convolution over the channels."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.look = nn.Conv2d(width, width, kernel_size=3, padding=1, groups=width, bias=False)
        self.look_norm = BatchNorm2d(width)
        self.blend = nn.Conv2d(width, width, kernel_size=1, bias=False)
        self.blend_norm = BatchNorm2d(width)

    def forward(self, places: Tensor) -> Tensor:
        """(B,width,H,W) to the same shape."""
        looked = functional.relu(self.look_norm(self.look(places)))
        blended: Tensor = functional.relu(self.blend_norm(self.blend(looked)))
        return blended


def margin_of(coarse_side: int) -> int:
    """Cells of the coarsest map beyond each edge of the photo, whose side is so many of them.

    Example:
        >>> margin_of(6), margin_of(14)
        (1, 2)
    """
    return ceil(coarse_side * MARGIN_SHARE)


def reach_of(coarse_side: int) -> float:
    """How far the map reaches beyond each edge, as a share of the photo's side."""
    return margin_of(coarse_side) / coarse_side
