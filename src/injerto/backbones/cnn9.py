"""A nine-layer VGG-like network on log-mel blocks, for sounds.

*Source*: Ma & Lerch 2022, Representation Learning for the Automatic Indexing of Sound Effects Libraries, ISMIR; the layers of
the DCASE cross-task baseline, Kong et al. 2018, arXiv 1808.00773.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import Entry
from injerto.backbones.conv_norm import ConvNorm
from injerto.backbones.lattice import Lattice, mel_rows, spaced
from injerto.backbones.logmel import PowerMel
from injerto.backbones.pace import Pace

BLOCK_FRAMES = 100
BLOCK_HOP_FRAMES = 50
HOP = 1024
CHANNELS = (64, 128, 256, 512)
BANDS = 96
SHRUNK = 8
CELLS = BLOCK_FRAMES // SHRUNK
"""Places by time that a block still has at the end."""


class Stage(nn.Module):
    """Two 3x3 convolutions with batch-norm and ReLU, then max-pooling where `pool` > 1."""

    def __init__(self, inputs: int, outputs: int, pool: int) -> None:
        super().__init__()
        self.first = ConvNorm(inputs, outputs, 3, activation="relu", epsilon=1e-5)
        self.second = ConvNorm(outputs, outputs, 3, activation="relu", epsilon=1e-5)
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        """(B,inputs,T,F) to (B,outputs,T/pool,F/pool)."""
        x = self.second(self.first(x))
        return functional.max_pool2d(x, self.pool) if self.pool > 1 else x


class Cnn9(Backbone):
    """Samples (B,n) at 44.1 kHz to (B,512,1,T): one place a block of 100 frames (2.3 s), a block every 50 frames."""

    std: Tensor

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.name, self.width, self.pooling = entry.name, entry.width, entry.pooling
        self.register_buffer("std", torch.tensor(entry.std), persistent=False)
        self.rate_hz = entry.resolution
        self.mel = PowerMel(rate_hz=self.rate_hz, window=2048, hop=HOP, bands=BANDS, low_hz=0.0, high_hz=self.rate_hz / 2)
        self.pace = Pace(first=BLOCK_FRAMES * HOP // 2, hop=BLOCK_HOP_FRAMES * HOP)
        self.blocks = nn.ModuleList()
        for inputs, outputs, pool in zip((1, *CHANNELS), CHANNELS, (2, 2, 2, 1), strict=False):
            self.blocks.append(Stage(inputs, outputs, pool))

    def map(self, raw: Tensor) -> Tensor:
        """Features by time; the frames after the last whole block are not looked at, a short clip is filled with silence."""
        x = self._blocks(raw)
        blocks = x.mean(dim=4).amax(dim=3)  # mean over bands, loudest moment of the block
        return blocks.transpose(1, 2)[:, :, None, :]

    def _blocks(self, raw: Tensor) -> Tensor:
        """(B,T,512,12,12): by block, then time, then band."""
        mel = self.heard(torch.log10(self.mel(raw.float()) * 10_000 + 1) / self.std)
        if mel.shape[1] < BLOCK_FRAMES:
            mel = functional.pad(mel, (0, 0, 0, BLOCK_FRAMES - mel.shape[1]))
        pictures = mel.unfold(1, BLOCK_FRAMES, BLOCK_HOP_FRAMES).transpose(2, 3)  # (B,T,100,96)
        x = pictures.reshape(-1, 1, *pictures.shape[2:])
        for stage in self.blocks:
            x = stage(x)
        by_block: Tensor = x.unflatten(0, pictures.shape[:2])
        return by_block

    def grid(self, raw: Tensor) -> Tensor:
        """(B,512,12,12T): the places of each block, one block after the other, though these overlap."""
        return self._blocks(raw).permute(0, 2, 4, 1, 3).flatten(3)

    def gather(self, grid: Tensor) -> Tensor:
        """The mean over bands, the loudest moment of each block."""
        by_block: Tensor = grid.unflatten(3, (-1, CELLS)).mean(dim=2)
        return by_block.amax(dim=3)[:, :, None, :]

    def lattice(self, grid: Tensor) -> Lattice:
        """Blocks overlap, and so do their places."""
        block = spaced((SHRUNK - 1) / 2 * HOP, SHRUNK * HOP, CELLS, SHRUNK * HOP, self.rate_hz)
        starts = np.arange(grid.shape[3] // CELLS) * BLOCK_HOP_FRAMES * HOP / self.rate_hz
        seconds = (starts[:, None, None] + block).reshape(-1, 2)
        return Lattice(seconds, mel_rows(0.0, self.rate_hz / 2, BANDS, grid.shape[2]))

    def stages(self) -> list[nn.Module]:
        """The four pairs of convolutions."""
        return list(self.blocks)

    @classmethod
    def build(cls, entry: Entry) -> Self:
        """The network of `entry`, weights random."""
        return cls(entry)

    @classmethod
    def adopt(cls, entry: Entry, checkpoint: Any) -> dict[str, Tensor]:
        """The convolutions of the published checkpoint (tensors, facts); its nine classifiers stay behind."""
        tensors, start = checkpoint[0], "embedding_net.conv_block"
        parts = {"conv1": "first.conv", "bn1": "first.norm", "conv2": "second.conv", "bn2": "second.norm"}
        state = {}
        for key, tensor in tensors.items():
            if key.startswith(start):
                number, part, leaf = key.removeprefix(start).split(".")
                state[f"blocks.{int(number) - 1}.{parts[part]}.{leaf}"] = tensor
        return state
