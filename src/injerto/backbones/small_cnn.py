"""A small network for sounds that starts from nothing: for narrow domains that no pretrained network has heard of."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import Entry
from injerto.backbones.cnn9 import Stage
from injerto.backbones.conv_norm import ConvNorm
from injerto.backbones.logmel import PowerMel

BANDS = 64
RANGE_DECIBEL = 80.0
CHANNELS = (16, 32, 64, 128)
POOLS = (2, 2, 2, 1)
FRAMES = math.prod(POOLS)
"""Frames of one place."""


class SmallCnn(Backbone):
    """Samples (B,n) at 16 kHz to (B,256,1,T), a place every 80 ms.

    Which band a sound is in stays told to the end: the bands that are left are laid side by side as channels, where a mean
    over them would make a low call of a high one.
    """

    pretrained: ClassVar[bool] = False

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.name, self.width, self.pooling = entry.name, entry.width, entry.pooling
        rate_hz = entry.resolution
        self.mel = PowerMel(rate_hz=rate_hz, window=512, hop=rate_hz // 100, bands=BANDS, low_hz=50.0, high_hz=rate_hz / 2)
        self.blocks = nn.ModuleList()
        inputs = 1
        for outputs, pool in zip(CHANNELS, POOLS, strict=True):
            self.blocks.append(Stage(inputs, outputs, pool))
            inputs = outputs
        self.head = ConvNorm(inputs * BANDS // 8, entry.width, 1, activation="relu", epsilon=1e-5)

    def map(self, raw: Tensor) -> Tensor:
        """Features by time; a sound of less than one place is followed by silence."""
        power = self.mel(raw.float())
        power = functional.pad(power, (0, 0, 0, max(0, FRAMES - power.shape[1])))
        decibel = 10 * torch.log10(power.clamp(min=1e-10))
        # Loudness relative to the clip's loudest moment, as in `logmel_picture`: from -1 to 1.
        x = ((decibel - decibel.amax(dim=(1, 2), keepdim=True)) / RANGE_DECIBEL).clamp(min=-1) * 2 + 1
        x = self.heard(x)[:, None]  # (B,1,T,bands)
        for stage in self.blocks:
            x = stage(x)
        y: Tensor = self.head(x.transpose(2, 3).flatten(1, 2)[:, :, None])
        return y

    def stages(self) -> list[nn.Module]:
        """The four pairs of convolutions and the head."""
        return [*self.blocks, self.head]

    @classmethod
    def build(cls, entry: Entry) -> Self:
        """The network of `entry`, weights random."""
        return cls(entry)

    @classmethod
    def adopt(cls, entry: Entry, checkpoint: Any) -> dict[str, Tensor]:
        """Never asked: there are no weights to begin with."""
        raise TypeError(f"{entry.name} has no published weights")
