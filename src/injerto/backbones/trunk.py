"""A photo network as far as its maps tell individuals apart: marks a few pixels wide, or larger shapes of an animal."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from injerto.backbones.backbone import Backbone
from injerto.backbones.learning_stages import LearningStages
from injerto.schema.schema import Detail

STRIDES: dict[Detail, int] = {"fine": 16, "coarse": 32, "loose": 16}
"""Pixels from one place of the map to the next."""
_LAST_STAGE: dict[Detail, int] = {"fine": 4, "coarse": 7, "loose": 5}
"""80 channels in Lite0, 320, and 112. On aligned heads of whales a discriminant of the fine one knows 0.55 of the photos
again, of the 40 channels before it 0.52, of the 112 after it 0.51, of the coarse one 0.30. On antelopes that stand in every
photo otherwise it is the other way round: 0.09 and 0.11. Loose marks were tried on the 112 alone."""


class Trunk(LearningStages):
    """The first stages of a pretrained network, whose statistics are kept: a batch holds too few animals for new ones."""

    wanted: ClassVar[str] = "tell individuals apart: it has no map of small parts"

    def __init__(self, network: Backbone, detail: Detail) -> None:
        """*Raises* BackboneError for a network that has no such map."""
        super().__init__(network, _LAST_STAGE[detail])
        self.detail, self.stride = detail, STRIDES[detail]
        with torch.no_grad():
            self.width = self.eval()(torch.zeros(1, 3, 32, 32)).shape[1]

    def forward(self, raw: Tensor) -> Tensor:
        """Photos (B,3,S,S) of levels 0-255 to a map (B,C,S/stride,S/stride)."""
        return self.maps(raw, [_LAST_STAGE[self.detail]])[0]

    def learn(self, layers: bool) -> None:
        """Let the stages learn that may, or none; always with the statistics that they came with."""
        super().learn(layers)
        self.eval()
