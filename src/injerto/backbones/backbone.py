"""The contract of every pretrained network: raw pixels or samples in, a map and its vector out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import torch
from torch import Tensor, nn

from injerto.backbones.catalogue import Entry
from injerto.backbones.lattice import Lattice
from injerto.backbones.masks import masked
from injerto.backbones.pace import Pace
from injerto.backbones.pooling import POOLINGS, Pooling


class Backbone(nn.Module, ABC):
    """A network whose normalisation or log-mel front end lives inside, as buffers.

    Image backbones take (B,3,H,W) uint8 or float 0-255; sound backbones take (B,n) float32 samples at `rate_hz`.
    """

    pretrained: ClassVar[bool] = True
    """False for networks that start from nothing and must learn every layer at the head's rate."""
    frozen_stages: ClassVar[int] = 0
    """The first stages, which never learn."""
    hiding: torch.Generator | None = None
    """While a network of sounds learns: draws what `heard` hides of each picture. None hides nothing."""
    name: str
    width: int
    """Channels C of the map and of the vector."""
    pace: Pace | None = None
    """Of sounds: where in time the places of the map lie."""
    pooling: Pooling = "mean"
    """How the places of the map become the vector."""

    labels: tuple[str, ...] = ()
    """What it was taught to call things, where its own classifier is kept: see `called`."""

    @abstractmethod
    def map(self, raw: Tensor) -> Tensor:
        """Features by place: (B,C,H',W') of photos, (B,C,1,T') of sounds."""

    def grid(self, raw: Tensor) -> Tensor:
        """The last features that still know frequency, (B,D,F,T) of sounds, the lowest first; of photos the map."""
        return self.map(raw)

    def gather(self, grid: Tensor) -> Tensor:
        """The map (B,C,H',W') of a grid."""
        return grid

    def lattice(self, grid: Tensor) -> Lattice | None:
        """When, and how high, the places of a grid are; None of photos, whose places share the picture evenly."""
        return None

    def pool(self, places: Tensor) -> Tensor:
        """The places of a map, or of a part of one, as a vector: (B,C,H',W') to (B,C) float32."""
        return POOLINGS[self.pooling](places.float())

    def vector(self, raw: Tensor) -> Tensor:
        """All places of the map, pooled: (B,C)."""
        return self.pool(self.map(raw))

    def called(self, vectors: Tensor) -> Tensor:
        """What its own classifier makes (B,L) of vectors (B,C), an output for each of `labels`."""
        return vectors.new_zeros(len(vectors), len(self.labels))

    @abstractmethod
    def stages(self) -> list[nn.Module]:
        """The trainable parts by depth, from the input inwards to the output; each parameter in exactly one."""

    @classmethod
    @abstractmethod
    def build(cls, entry: Entry) -> Self:
        """The network of a catalogue entry, its weights still random."""

    @classmethod
    @abstractmethod
    def adopt(cls, entry: Entry, checkpoint: Any) -> dict[str, Tensor]:
        """A third party's checkpoint, read without executing it, under the names of this class."""

    def learn(self, layers: bool) -> None:
        """Let the layers learn, or none. Those that come pretrained keep the statistics they came with: batches of a small
        table would only blur them. A network that starts from nothing has none yet, and takes those of the batches.
        """
        self.train(layers and not self.pretrained)
        for parameter in self.parameters():
            parameter.requires_grad_(layers)

    def heard(self, picture: Tensor) -> Tensor:
        """A log-mel picture (B,F,T) as the layers see it: whole, or with parts hidden while learning."""
        return picture if self.hiding is None else masked(picture, self.hiding)

    def forward(self, raw: Tensor) -> Tensor:
        """The vector, so that the module can be called and traced."""
        return self.vector(raw)
