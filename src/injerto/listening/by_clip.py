"""Shares over time by a head that learned from whole clips: a clip a step, each through the network by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from injerto.artifact.artifact import Artifact
from injerto.backbones.bits import quickest
from injerto.backbones.streams import batched, streamed
from injerto.listening.able import ears, voice
from injerto.listening.timeline import Timeline
from injerto.network import Batch, Network
from injerto.places.address import Address
from injerto.table.recording import Block, blocks

_STEP_SECONDS = 1.0
_CLIPS = 32
"""Clips that go through the network together."""


class ByClip(Timeline):
    """A model without a head for hearing, along recordings. *Raises* ListeningError when it is not one that can listen."""

    def __init__(self, artifact: Artifact) -> None:
        self.ears, self.head, network = ears(artifact), voice(artifact), artifact.network.eval()
        assert isinstance(network, Network)  # points are not heard
        self.network = network
        self.quick = {key: quickest(self.network.media[key].backbone) for key in self.ears}
        self.names = [str(level) for level in self.head.levels_]
        self.rates_hz = [feature.resolution_ for feature in self.ears.values()]
        self.clip_seconds = min(feature.clip_seconds_ for feature in self.ears.values())
        self.step_s = min(_STEP_SECONDS, self.clip_seconds / 2)

    def answers(self, path: str | Path | Address) -> Iterator[np.ndarray]:
        """A row speaks of the step in the middle of its clip; the first clip's comes late, and stands for those before it."""
        overlap_s = self.clip_seconds - self.step_s
        streams = [
            blocks(path, rate_hz=rate, block_seconds=self.clip_seconds, overlap_seconds=overlap_s) for rate in self.rates_hz
        ]
        before = round(overlap_s / 2 / self.step_s)
        for shares in streamed(self._answer, batched(zip(*streams, strict=False), _CLIPS)):
            yield np.concatenate([np.repeat(shares[:1], before, axis=0), shares])
            before = 0

    def _answer(self, clips: list[tuple[Block, ...]]) -> np.ndarray:
        """Clips to shares (T,K)."""
        raw = {
            key: torch.from_numpy(np.stack([_filled(clip[place].samples, feature.samples) for clip in clips]))
            for place, (key, feature) in enumerate(self.ears.items())
        }
        # Once through the backbones: the heads and the trust read the same vectors.
        batch = Batch({}, vectors={key: self.quick[key].vector(block) for key, block in raw.items()})
        # What sounds unlike all of training is not named for certain.
        answer = self.head.trusted(self.network(batch)[self.head.name], self.network.trust(batch))
        return answer.float().numpy()


def _filled(samples: np.ndarray, count: int) -> np.ndarray:
    return np.pad(samples[:count], (0, max(0, count - len(samples))))
