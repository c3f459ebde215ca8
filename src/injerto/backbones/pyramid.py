"""A photo network as far as its maps are fine enough to say where something is: at strides of 4, 8 and 16 pixels."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from injerto.backbones.backbone import Backbone
from injerto.backbones.efficientnet_lite import EfficientNetLite
from injerto.errors import BackboneError

STRIDES = (4, 8, 16)
_LAST_STAGE = (2, 3, 5)
"""The stage of EfficientNet-Lite, counted from its stem, that ends each stride. A stage at stride 32 was tried: faces were
found no better, and an epoch took half as long again."""
_EARLY_STAGE = 4
"""Stride 16, 80 channels in Lite0. A ridge on it finds faces as well as one on the next stage's 112 channels, for less work."""


class Pyramid(nn.Module):
    """The first stages of a pretrained network. What only tells kinds of things apart, at stride 32, is left behind.

    The first `frozen_stages` are edges and dots, and stay as they are; the others learn with the statistics of their batches.
    """

    pretrained: ClassVar[bool] = True
    frozen_stages: ClassVar[int] = 3
    hiding: torch.Generator | None = None
    mean: Tensor
    std: Tensor

    def __init__(self, network: Backbone) -> None:
        """*Raises* BackboneError for a network that has no such maps."""
        super().__init__()
        if not isinstance(network, EfficientNetLite):
            raise BackboneError(f"'{network.name}' cannot find points: it has no fine maps. Choose an EfficientNet-Lite.")
        self.name = network.name
        self.register_buffer("mean", network.mean, persistent=False)
        self.register_buffer("std", network.std, persistent=False)
        self.parts = nn.ModuleList(network.stages()[: _LAST_STAGE[-1] + 1])
        with torch.no_grad():
            self.widths = [level.shape[1] for level in self.eval()(torch.zeros(1, 3, 32, 32))]

    def forward(self, raw: Tensor) -> list[Tensor]:
        """Photos (B,3,S,S) of levels 0-255 to maps (B,C,S/4,S/4), (B,C,S/8,S/8), (B,C,S/16,S/16)."""
        x = self._scaled(raw)
        levels = []
        for place, part in enumerate(self.parts):
            x = part(x)
            if place in _LAST_STAGE:
                levels.append(x)
        return levels

    def early(self, raw: Tensor) -> Tensor:
        """Photos (B,3,S,S) of levels 0-255 to the first map (B,C,S/16,S/16): it still tells places better than later ones."""
        x = self._scaled(raw)
        for part in self.parts[: _EARLY_STAGE + 1]:
            x = part(x)
        return x

    def _scaled(self, raw: Tensor) -> Tensor:
        return ((raw.float() - self.mean) / self.std).contiguous(memory_format=torch.channels_last)

    def stages(self) -> list[nn.Module]:
        """The parts by depth, from the pixels on."""
        return list(self.parts)

    def learn(self, layers: bool) -> None:
        """Let the stages learn that may, or none."""
        for place, part in enumerate(self.parts):
            learns = layers and place >= self.frozen_stages
            part.train(learns)
            for parameter in part.parameters():
                parameter.requires_grad_(learns)
