"""The shares of every class over the time of a recording."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from injerto.artifact.artifact import Artifact
from injerto.listening.able import ears, voice
from injerto.network import Batch
from injerto.table.recording import Block, Recording, blocks

_STEP_SECONDS = 1.0
_CLIPS = 32
"""Clips that go through the network together."""


@dataclass(frozen=True)
class Stretch:
    """Some seconds from `start_s` on: calibrated `shares` (T,K) float32, a row every step. Stretches follow without a gap."""

    start_s: float
    shares: np.ndarray


class Timeline:
    """A model that runs along recordings. *Raises* ListeningError when it is not one that can listen."""

    def __init__(self, artifact: Artifact) -> None:
        self.network, self.ears, self.head = artifact.network.eval(), ears(artifact), voice(artifact)
        self.names = [str(level) for level in self.head.levels_]
        self.rates_hz = [feature.resolution_ for feature in self.ears.values()]
        self.clip_seconds = min(feature.clip_seconds_ for feature in self.ears.values())
        self.step_s = min(_STEP_SECONDS, self.clip_seconds / 2)

    def scores(self, path: str | Path, start_s: float = 0.0) -> Iterator[Stretch]:
        """Shares from `start_s` to the end; a row speaks of the step in the middle of its clip. *Raises* MediaError."""
        rows = max(1, math.ceil((Recording.open(path).seconds - start_s) / self.step_s - 1e-6))
        lead = round((self.clip_seconds - self.step_s) / 2 / self.step_s)
        done, last = 0, np.empty((0, len(self.names)), dtype=np.float32)
        for clips in self._batches(path, start_s):
            shares = self._answer(clips)
            if not done:
                shares = np.concatenate([np.repeat(shares[:1], lead, axis=0), shares])  # the first clip's middle comes late
            shares, last = shares[: rows - done], shares[-1:]
            if len(shares):
                yield Stretch(start_s + done * self.step_s, shares)
            done += len(shares)
        if done < rows:
            yield Stretch(start_s + done * self.step_s, np.repeat(last, rows - done, axis=0))

    def _batches(self, path: str | Path, start_s: float) -> Iterator[list[tuple[Block, ...]]]:
        held: list[tuple[Block, ...]] = []
        overlap = self.clip_seconds - self.step_s
        streams = [
            blocks(path, rate_hz=rate, block_seconds=self.clip_seconds, overlap_seconds=overlap, start_s=start_s)
            for rate in self.rates_hz
        ]
        for clip in zip(*streams, strict=False):
            held.append(clip)
            if len(held) == _CLIPS:
                yield held
                held = []
        if held:
            yield held

    @torch.inference_mode()
    def _answer(self, clips: list[tuple[Block, ...]]) -> np.ndarray:
        """Clips to shares (T,K)."""
        raw = {
            key: torch.from_numpy(np.stack([_filled(clip[place].samples, feature.samples) for clip in clips]))
            for place, (key, feature) in enumerate(self.ears.items())
        }
        # Once through the backbones: the heads and the trust read the same vectors.
        batch = Batch({}, vectors={key: self.network.media[key].backbone.vector(block) for key, block in raw.items()})
        # What sounds unlike all of training is not named for certain.
        answer = self.head.trusted(self.network(batch)[self.head.name], self.network.trust(batch))
        return answer.float().numpy()


def _filled(samples: np.ndarray, count: int) -> np.ndarray:
    return np.pad(samples[:count], (0, max(0, count - len(samples))))
