"""Stages of a pretrained photo network that learn on photos of one's own: the first not at all, the others whole."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from injerto.backbones.backbone import Backbone
from injerto.backbones.efficientnet_lite import EfficientNetLite
from injerto.errors import BackboneError


class LearningStages(nn.Module, ABC):
    """`parts` by depth, from the pixels on.

    The first `frozen_stages` are edges and dots, and stay as they are; the others learn with the statistics of their batches.
    """

    pretrained: ClassVar[bool] = True
    frozen_stages: ClassVar[int] = 3
    wanted: ClassVar[str] = ""
    """What a network that has no such stages cannot do, for the message."""
    hiding: torch.Generator | None = None
    mean: Tensor
    std: Tensor

    def __init__(self, network: Backbone, last_stage: int) -> None:
        """Stages of `network` up to `last_stage`, counted from its stem. *Raises* BackboneError for one without such maps."""
        super().__init__()
        if not isinstance(network, EfficientNetLite):
            raise BackboneError(f"'{network.name}' cannot {self.wanted}. Choose an EfficientNet-Lite.")
        self.name = network.name
        self.register_buffer("mean", network.mean, persistent=False)
        self.register_buffer("std", network.std, persistent=False)
        self.parts = nn.ModuleList(network.stages()[: last_stage + 1])

    def scaled(self, raw: Tensor) -> Tensor:
        """Levels 0-255 (B,3,H,W) as the pretrained network wants them."""
        return ((raw.float() - self.mean) / self.std).contiguous(memory_format=torch.channels_last)

    def maps(self, raw: Tensor, places: Sequence[int]) -> list[Tensor]:
        """What the stages at `places` give."""
        x = self.scaled(raw)
        found = []
        for place, part in enumerate(self.parts[: max(places) + 1]):
            x = part(x)
            if place in places:
                found.append(x)
        return found

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
