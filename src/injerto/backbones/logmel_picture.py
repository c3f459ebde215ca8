"""A photo network that looks at a sound's log-mel picture: sounds out of the box, without weights of their own."""

from __future__ import annotations

from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.backbones import catalogue
from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import Entry, SameAs
from injerto.backbones.conv_norm import keep_bits
from injerto.backbones.efficientnet_lite import EfficientNetLite
from injerto.backbones.lattice import Lattice, mel_rows, spaced
from injerto.backbones.logmel import PowerMel
from injerto.backbones.pace import Pace
from injerto.precision import all_bits

BANDS = 128
LOWEST_HZ = 50.0
WINDOW = 1024
HOP = 320
RANGE_DECIBEL = 80.0


class LogmelPicture(Backbone):
    """Samples (B,n) at 32 kHz to (B,1280,1,T): a picture of 128 bands, low sounds at the bottom, 10 ms a column.

    A 1x1 convolution makes the photo network's three channels of the one there is. It starts by giving each the same grey,
    as the photo network would see a grey photo, and learns its colours with the backbone.
    """

    pace: Pace

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        if not isinstance(entry.source, SameAs):
            raise TypeError(f"the entry {entry.name} must name a photo network")
        self.name, self.width, self.pooling = entry.name, entry.width, entry.pooling
        self.rate_hz = entry.resolution
        self.mel = PowerMel(
            rate_hz=self.rate_hz, window=WINDOW, hop=HOP, bands=BANDS, low_hz=LOWEST_HZ, high_hz=self.rate_hz / 2
        )
        # Halved five times, each time at the even frames as long as their count is odd: for sounds of whole hops.
        self.pace = Pace(first=0, hop=32 * HOP)
        self.tint = nn.Conv2d(1, 3, kernel_size=1)
        self.tint.load_state_dict({"weight": torch.ones(3, 1, 1, 1), "bias": torch.zeros(3)})
        self.picture = EfficientNetLite(catalogue.entry(entry.source.name))
        # In bfloat16 the first layers lose the fine steps of the picture: a least cosine of 0.992 to float32 in place of 0.998.
        keep_bits(self.picture.stem, self.picture.blocks[0])

    def map(self, raw: Tensor) -> Tensor:
        """Features by time, the mean over the bands."""
        return self.gather(self._seen(raw))

    def grid(self, raw: Tensor) -> Tensor:
        """(B,1280,8,T)."""
        return self._seen(raw).flip(2)

    def _seen(self, raw: Tensor) -> Tensor:
        decibel = 10 * torch.log10(self.mel(raw.float()).clamp(min=1e-10)).transpose(1, 2)
        # Loudness relative to the clip's loudest moment: recorders differ in gain by tens of decibels.
        top = decibel.amax(dim=(1, 2), keepdim=True)
        grey = self.heard(((decibel - top) / RANGE_DECIBEL + 1).clamp(min=0))
        tall = functional.interpolate(
            grey.flip(1)[:, None], size=(2 * BANDS, grey.shape[2]), mode="bilinear", align_corners=False
        )
        with all_bits():
            picture = self.tint(tall) * 255
        return self.picture.map(picture)

    def gather(self, grid: Tensor) -> Tensor:
        """The mean over the bands."""
        return grid.mean(dim=2, keepdim=True)

    def lattice(self, grid: Tensor) -> Lattice:
        """As wide as they are apart."""
        seconds = spaced(self.pace.first, self.pace.hop, grid.shape[3], self.pace.hop, self.rate_hz)
        return Lattice(seconds, mel_rows(LOWEST_HZ, self.rate_hz / 2, BANDS, grid.shape[2]))

    def stages(self) -> list[nn.Module]:
        """The colours, then the stages of the photo network."""
        return [self.tint, *self.picture.stages()]

    @classmethod
    def build(cls, entry: Entry) -> Self:
        """The network of `entry`, weights random."""
        return cls(entry)

    @classmethod
    def adopt(cls, entry: Entry, checkpoint: Any) -> dict[str, Tensor]:
        """Never asked: the weights belong to the photo network's entry."""
        raise TypeError("the weights of a log-mel picture are those of its photo network")
