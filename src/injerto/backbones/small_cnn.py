"""A small network for sounds that starts from nothing: for narrow domains that no pretrained network has heard of."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import torch
from torch import Tensor, nn

from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import Entry
from injerto.backbones.colour import coloured
from injerto.backbones.conv_norm import ConvNorm
from injerto.backbones.lattice import Lattice, mel_rows, spaced
from injerto.backbones.logmel import PowerMel
from injerto.backbones.pace import Pace
from injerto.backbones.warp import stretched, warped

BANDS = 64
LOWEST_HZ = 50.0
RANGE_DECIBEL = 80.0
# channels, kernel, stride of each layer. Halving the picture in the first layer, where two layers at full size and a pooling
# stood, makes a step four times as fast.
LAYERS = ((16, 5, 2), (32, 3, 2), (32, 3, 1), (64, 3, 2), (64, 3, 1), (128, 3, 1))
SHRUNK = 8
STRETCHES = (0.95, 1.0, 1.05)
"""By what a sound's frequencies are stretched, in mels, for each of the looks that are averaged once it has learned."""


class SmallCnn(Backbone):
    """Samples (B,n) at 16 kHz to (B,256,1,T), a place every 80 ms.

    Which band a sound is in stays told to the end: the bands that are left are laid side by side as channels, where a mean
    over them would make a low call of a high one.
    """

    pretrained: ClassVar[bool] = False
    pace: Pace

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.name, self.width, self.pooling = entry.name, entry.width, entry.pooling
        self.rate_hz = rate_hz = entry.resolution
        self.mel = PowerMel(rate_hz=rate_hz, window=512, hop=rate_hz // 100, bands=BANDS, low_hz=LOWEST_HZ, high_hz=rate_hz / 2)
        self.pace = Pace(first=0, hop=SHRUNK * rate_hz // 100)  # halved three times, each time at the even frames
        self.blocks = nn.ModuleList()
        inputs = 1
        for outputs, kernel, stride in LAYERS:
            self.blocks.append(ConvNorm(inputs, outputs, kernel, stride=stride, activation="relu", epsilon=1e-5))
            inputs = outputs
        self.head = ConvNorm(inputs * BANDS // SHRUNK, entry.width, 1, activation="relu", epsilon=1e-5)

    def map(self, raw: Tensor) -> Tensor:
        """Features by time."""
        relative = self._relative(raw)
        if self.hiding is not None:
            # Silence is coloured, too. Colours below a floor that stays black were tried: log loss 0.43 against 0.28 on digits.
            relative = coloured(warped(relative, self.hiding), self.hiding)
        if self.training:
            return self.places(self.heard(relative / RANGE_DECIBEL * 2 + 1))
        places: Tensor = self.places(self._looks(relative)).unflatten(0, (len(STRETCHES), -1))
        return places.mean(dim=0)

    def _relative(self, raw: Tensor) -> Tensor:
        """Loudness (B,bands,T) relative to the clip's loudest moment, as in `logmel_picture`."""
        decibel = 10 * torch.log10(self.mel(raw.float()).clamp(min=1e-10)).transpose(1, 2)
        return (decibel - decibel.amax(dim=(1, 2), keepdim=True)).clamp(min=-RANGE_DECIBEL)

    def _looks(self, relative: Tensor) -> Tensor:
        # Heard as from a longer and a shorter throat as well: of voices left out two more in a hundred are understood.
        return torch.cat([stretched(relative, factor) for factor in STRETCHES]) / RANGE_DECIBEL * 2 + 1

    def grid(self, raw: Tensor) -> Tensor:
        """(B,3*128,8,T): the channels of each look, one look after the other, as they are once it has learned."""
        layers = self._layers(self._looks(self._relative(raw))).unflatten(0, (len(STRETCHES), -1))
        by_row: Tensor = layers.transpose(0, 1).flatten(1, 2)
        return by_row

    def gather(self, grid: Tensor) -> Tensor:
        """The mean of the looks, the bands of each laid side by side."""
        looks = grid.unflatten(1, (len(STRETCHES), -1)).transpose(0, 1)
        places: Tensor = self._brought(looks.flatten(0, 1)).unflatten(0, (len(STRETCHES), -1))
        return places.mean(dim=0)

    def lattice(self, grid: Tensor) -> Lattice:
        """As wide as they are apart; stretched looks have them a twentieth higher and lower."""
        seconds = spaced(self.pace.first, self.pace.hop, grid.shape[3], self.pace.hop, self.rate_hz)
        return Lattice(seconds, mel_rows(LOWEST_HZ, self.rate_hz / 2, BANDS, grid.shape[2]))

    def places(self, picture: Tensor) -> Tensor:
        """Features by time of a picture (B,bands,T) from -1 to 1."""
        return self._brought(self._layers(picture))

    def _layers(self, picture: Tensor) -> Tensor:
        x = picture[:, None].contiguous(memory_format=torch.channels_last)
        for layer in self.blocks:
            x = layer(x)
        return x

    def _brought(self, x: Tensor) -> Tensor:
        y: Tensor = self.head(x.flatten(1, 2)[:, :, None])
        return y

    def stages(self) -> list[nn.Module]:
        """The six convolutions and the head."""
        return [*self.blocks, self.head]

    @classmethod
    def build(cls, entry: Entry) -> Self:
        """The network of `entry`, weights random."""
        return cls(entry)

    @classmethod
    def adopt(cls, entry: Entry, checkpoint: Any) -> dict[str, Tensor]:
        """Never asked: there are no weights to begin with."""
        raise TypeError(f"{entry.name} has no published weights")
