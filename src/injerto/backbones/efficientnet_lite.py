"""EfficientNet-Lite: inverted residuals with ReLU6 and no squeeze-and-excitation, for photos.

*Source*: Tan & Le 2019, arXiv 1905.11946, and the Lite variants of the TensorFlow TPU repository.
"""

from __future__ import annotations

import math
from typing import Any, Self

import torch
from torch import Tensor, nn

from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import Entry
from injerto.backbones.conv_norm import ConvNorm
from injerto.backbones.widths import round_to_8

# expansion, channels, repeats, stride, kernel of each stage of Lite0
STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)
STEM_CHANNELS = 32


EPSILON = 1e-3


class InvertedResidual(nn.Module):
    """Widen with a 1x1, look around with a depthwise convolution, narrow with a 1x1; add the input where shapes allow."""

    def __init__(self, inputs: int, outputs: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.expand: nn.Module = (
            ConvNorm(inputs, inner, 1, activation="relu6", epsilon=EPSILON) if expansion > 1 else nn.Identity()
        )
        self.depthwise = ConvNorm(inner, inner, kernel, stride=stride, groups=inner, activation="relu6", epsilon=EPSILON)
        self.project = ConvNorm(inner, outputs, 1, activation="none", epsilon=EPSILON)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """(B,inputs,H,W) to (B,outputs,H/stride,W/stride)."""
        narrowed: Tensor = self.project(self.depthwise(self.expand(x)), x if self.residual else None)
        return narrowed


class EfficientNetLite(Backbone):
    """Photos (B,3,H,W), grey levels 0-255, to (B,1280,H/32,W/32)."""

    mean: Tensor
    std: Tensor

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.name, self.width, self.pooling = entry.name, entry.width, entry.pooling
        self.register_buffer("mean", torch.tensor(entry.mean), persistent=False)
        self.register_buffer("std", torch.tensor(entry.std), persistent=False)
        self.stem = ConvNorm(3, STEM_CHANNELS, 3, stride=2, activation="relu6", epsilon=EPSILON)
        self.blocks = nn.ModuleList()
        channels = STEM_CHANNELS
        for number, (expansion, outputs, repeats, stride, kernel) in enumerate(STAGES):
            outputs = round_to_8(outputs * entry.width_factor)
            # The first and the last stage keep their depth in every Lite variant, as stem and head keep their width.
            deep = 0 < number < len(STAGES) - 1
            count = math.ceil(repeats * entry.depth_factor) if deep else repeats
            first = InvertedResidual(channels, outputs, expansion, kernel, stride)
            others = [InvertedResidual(outputs, outputs, expansion, kernel, 1) for _ in range(count - 1)]
            self.blocks.append(nn.Sequential(first, *others))
            channels = outputs
        self.head = ConvNorm(channels, entry.width, 1, activation="relu6", epsilon=EPSILON)

    def map(self, raw: Tensor) -> Tensor:
        """Features by place."""
        x = self.stem((raw.float() - self.mean) / self.std)
        for stage in self.blocks:
            x = stage(x)
        y: Tensor = self.head(x)
        return y

    def stages(self) -> list[nn.Module]:
        """Stem, seven stages, head."""
        return [self.stem, *self.blocks, self.head]

    @classmethod
    def build(cls, entry: Entry) -> Self:
        """The network of `entry`, weights random."""
        return cls(entry)

    @classmethod
    def adopt(cls, entry: Entry, checkpoint: Any) -> dict[str, Tensor]:
        """The published checkpoint under this class's names; its classifier stays behind."""
        lengths = [len(stage) for stage in cls(entry).blocks if isinstance(stage, nn.Sequential)]
        place = [f"blocks.{stage}.{block}" for stage, length in enumerate(lengths) for block in range(length)]
        parts = {"_conv_stem": "stem.conv", "_bn0": "stem.norm", "_conv_head": "head.conv", "_bn1": "head.norm"}
        inner = {
            "_expand_conv": "expand.conv",
            "_bn0": "expand.norm",
            "_depthwise_conv": "depthwise.conv",
            "_bn1": "depthwise.norm",
            "_project_conv": "project.conv",
            "_bn2": "project.norm",
        }
        state = {}
        for key, tensor in checkpoint.items():
            words = key.split(".")
            if words[0] == "_blocks":
                state[f"{place[int(words[1])]}.{inner[words[2]]}.{words[3]}"] = tensor
            elif words[0] in parts:
                state[f"{parts[words[0]]}.{words[1]}"] = tensor
        return state
