"""EfficientAT: a MobileNetV3 on log-mel frames, for sounds.

*Source*: Schmid, Koutini & Widmer 2023, Efficient Large-Scale Audio Tagging via Transformer-to-CNN Knowledge Distillation,
ICASSP, arXiv 2211.04772; Howard et al. 2019, Searching for MobileNetV3, arXiv 1905.02244, table 1.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import Entry
from injerto.backbones.conv_norm import Activation, ConvNorm, keep_bits
from injerto.backbones.kaldi_mel import KaldiMel
from injerto.backbones.lattice import Lattice, mel_rows, spaced
from injerto.backbones.own_labels import OwnLabels, audioset
from injerto.backbones.pace import Pace
from injerto.backbones.pooling import mean_of_root
from injerto.backbones.widths import round_to_8

# kernel, expanded channels, channels, squeezed, activation, stride of each block at width 1
BLOCKS: tuple[tuple[int, int, int, bool, Activation, int], ...] = (
    (3, 16, 16, False, "relu", 1),
    (3, 64, 24, False, "relu", 2),
    (3, 72, 24, False, "relu", 1),
    (5, 72, 40, True, "relu", 2),
    (5, 120, 40, True, "relu", 1),
    (5, 120, 40, True, "relu", 1),
    (3, 240, 80, False, "hardswish", 2),
    (3, 200, 80, False, "hardswish", 1),
    (3, 184, 80, False, "hardswish", 1),
    (3, 184, 80, False, "hardswish", 1),
    (3, 480, 112, True, "hardswish", 1),
    (3, 672, 112, True, "hardswish", 1),
    (5, 672, 160, True, "hardswish", 2),
    (5, 960, 160, True, "hardswish", 1),
    (5, 960, 160, True, "hardswish", 1),
)
STEM_CHANNELS = 16
HEAD_FACTOR = 6
SQUEEZE_FACTOR = 4
BANDS, HIGHEST_HZ = 128, 15_000
HALVES = 2
"""Low and high sounds are told apart to the end; all four places by frequency side by side did no better."""
OWN_HIDDEN = 512
"""Channels of the published classifier's hidden layer, at the width of 0.4 that is in the catalogue."""
EPSILON = 1e-3
DEPTHS = (0, 1, 3, 6, 10, 12, 15)
"""Blocks at which a stage of the network begins: where the map shrinks, and where channels widen; the last is their count."""


def _unit(inputs: int, outputs: int, kernel: int, activation: Activation, stride: int = 1, groups: int = 1) -> ConvNorm:
    return ConvNorm(
        inputs,
        outputs,
        kernel,
        stride=stride,
        groups=groups,
        activation=activation,
        epsilon=EPSILON,
        padding="centred",
    )


class Squeeze(nn.Module):
    """Each channel times a factor that all channels' means over frequency and time agree on."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = round_to_8(channels // SQUEEZE_FACTOR)
        self.narrow = nn.Conv2d(channels, inner, 1)
        self.widen = nn.Conv2d(inner, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(B,C,F,T) to the same."""
        mean = x.mean(dim=(2, 3), keepdim=True, dtype=torch.float32)
        return x * torch.sigmoid(self.widen(functional.relu(self.narrow(mean)))).to(x.dtype)


class SqueezedResidual(nn.Module):
    """Widen with a 1x1, look around by channel, weigh the channels, narrow; add the input where shapes allow."""

    def __init__(
        self, inputs: int, inner: int, outputs: int, kernel: int, squeezed: bool, activation: Activation, stride: int
    ) -> None:
        super().__init__()
        self.expand: nn.Module = _unit(inputs, inner, 1, activation) if inner != inputs else nn.Identity()
        self.depthwise = _unit(inner, inner, kernel, activation, stride, groups=inner)
        self.squeeze: nn.Module = Squeeze(inner) if squeezed else nn.Identity()
        self.project = _unit(inner, outputs, 1, "none")
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """(B,inputs,F,T) to (B,outputs,F/stride,T/stride)."""
        narrowed: Tensor = self.project(self.squeeze(self.depthwise(self.expand(x))), x if self.residual else None)
        return narrowed


class EfficientAT(Backbone):
    """Samples (B,n) at 32 kHz to (B,2C,1,T), a place every 0.32 s: each channel's mean over low and over high sounds.

    NOTE differs from the paper: its classifier reads one mean over all frequencies. With low and high apart the log loss of
    probes of ten sounds, on rows left out, was a sixth lower; on sounds of a city a twentieth higher.
    """

    mean: Tensor
    std: Tensor
    pace: Pace

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.name, self.width, self.pooling = entry.name, entry.width, entry.pooling
        self.register_buffer("mean", torch.tensor(entry.mean), persistent=False)
        self.register_buffer("std", torch.tensor(entry.std), persistent=False)
        self.rate_hz = entry.resolution
        self.mel = KaldiMel(rate_hz=self.rate_hz, window=800, transform=1024, hop=320, bands=BANDS, high_hz=HIGHEST_HZ)
        self.pace = Pace(first=0, hop=32 * 320)  # halved five times, each time at the even frames
        channels = round_to_8(STEM_CHANNELS * entry.width_factor)
        self.stem = _unit(1, channels, 3, "hardswish", stride=2)
        blocks = []
        for kernel, inner, outputs, squeezed, activation, stride in BLOCKS:
            inner, outputs = round_to_8(inner * entry.width_factor), round_to_8(outputs * entry.width_factor)
            blocks.append(SqueezedResidual(channels, inner, outputs, kernel, squeezed, activation, stride))
            channels = outputs
        self.blocks = nn.ModuleList(nn.Sequential(*blocks[start:end]) for start, end in pairwise(DEPTHS))
        self.head = _unit(channels, HEAD_FACTOR * channels, 1, "hardswish")
        self.labels = audioset()
        self.own = OwnLabels(HEAD_FACTOR * channels, OWN_HIDDEN, len(self.labels))
        # In bfloat16 the first layers lose the fine steps of the log-mel picture: a probe on ESC-10 has 0.27 points less.
        keep_bits(self.stem, self.blocks[0])

    def map(self, raw: Tensor) -> Tensor:
        """Features by time: the first channel's low and high half, the second's, and so on."""
        return self.gather(self.grid(raw))

    def grid(self, raw: Tensor) -> Tensor:
        """(B,C,4,T)."""
        x = self.stem(self.heard((self.mel(raw.float()) - self.mean) / self.std)[:, None])
        for stage in self.blocks:
            x = stage(x)
        y: Tensor = self.head(x).float()
        return y

    def gather(self, grid: Tensor) -> Tensor:
        """Means over each half."""
        halves: Tensor = grid.unflatten(2, (HALVES, -1)).mean(dim=3)
        return halves.flatten(1, 2)[:, :, None]

    def lattice(self, grid: Tensor) -> Lattice:
        """As wide as they are apart."""
        seconds = spaced(self.pace.first, self.pace.hop, grid.shape[3], self.pace.hop, self.rate_hz)
        return Lattice(seconds, mel_rows(0, HIGHEST_HZ, BANDS, grid.shape[2]))

    def called(self, vectors: Tensor) -> Tensor:
        """What the published classifier makes (B,527) of vectors (B,2C): roots of the means of low and of high sounds."""
        said: Tensor = self.own(mean_of_root(vectors).unflatten(1, (-1, HALVES)).mean(dim=2))
        return said

    def stages(self) -> list[nn.Module]:
        """Stem, six runs of blocks, head."""
        return [self.stem, *self.blocks, self.head]

    @classmethod
    def build(cls, entry: Entry) -> Self:
        """The network of `entry`, weights random."""
        return cls(entry)

    @classmethod
    def adopt(cls, entry: Entry, checkpoint: Any) -> dict[str, Tensor]:
        """The published checkpoint under this class's names."""
        place = {
            start + number: f"blocks.{stage}.{number}"
            for stage, (start, end) in enumerate(pairwise(DEPTHS))
            for number in range(end - start)
        }
        blocks = dict(cls(entry).named_modules())
        state = {}
        for key, tensor in checkpoint.items():
            words = key.split(".")
            if words[0] != "features":
                if ".".join(words) in _OWN:
                    state[f"own.{_OWN[key]}"] = tensor
                continue
            number = int(words[1]) - 1
            if words[2] != "block":
                state[f"{'stem' if number < 0 else 'head'}.{_LEAF[words[2]]}.{words[3]}"] = tensor
                continue
            parts = [name for name, part in blocks[place[number]].named_children() if not isinstance(part, nn.Identity)]
            name = f"{place[number]}.{parts[int(words[3])]}"
            leaf = words[6] if words[4] == "conc_se_layers" else words[4]
            state[f"{name}.{_LEAF[leaf]}.{words[-1]}"] = (
                tensor[:, :, None, None] if leaf in _DENSE and tensor.ndim == 2 else tensor
            )
        return state


_LEAF = {"0": "conv", "1": "norm", "fc1": "narrow", "fc2": "widen"}
_DENSE = ("fc1", "fc2")
_OWN = {
    "classifier.2.weight": "hidden",
    "classifier.2.bias": "hidden_bias",
    "classifier.5.weight": "label",
    "classifier.5.bias": "label_bias",
}
