"""A photo network as far as its maps are fine enough to say where something is: at strides of 4, 8 and 16 pixels."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from injerto.backbones.backbone import Backbone
from injerto.backbones.learning_stages import LearningStages

STRIDES = (4, 8, 16)
_LAST_STAGE = (2, 3, 5)
"""The stage of EfficientNet-Lite, counted from its stem, that ends each stride. A stage at stride 32 was tried: faces were
found no better, and an epoch took half as long again."""
_EARLY_STAGE = 4
"""Stride 16, 80 channels in Lite0. A ridge on it finds faces as well as one on the next stage's 112 channels, for less work."""


class Pyramid(LearningStages):
    """The first stages of a pretrained network. What only tells kinds of things apart, at stride 32, is left behind."""

    wanted: ClassVar[str] = "find points: it has no fine maps"

    def __init__(self, network: Backbone) -> None:
        """*Raises* BackboneError for a network that has no such maps."""
        super().__init__(network, _LAST_STAGE[-1])
        with torch.no_grad():
            self.widths = [level.shape[1] for level in self.eval()(torch.zeros(1, 3, 32, 32))]

    def forward(self, raw: Tensor) -> list[Tensor]:
        """Photos (B,3,S,S) of levels 0-255 to maps (B,C,S/4,S/4), (B,C,S/8,S/8), (B,C,S/16,S/16)."""
        return self.maps(raw, _LAST_STAGE)

    def early(self, raw: Tensor) -> Tensor:
        """Photos (B,3,S,S) of levels 0-255 to the first map (B,C,S/16,S/16): it still tells places better than later ones."""
        return self.maps(raw, [_EARLY_STAGE])[0]
