"""Shares over time by the head that learned when sounds begin and end: blocks through the network, a row a moment."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from injerto.artifact.artifact import Artifact
from injerto.backbones.streams import batched, streamed
from injerto.heads.hearing import Hearing
from injerto.learning.scenery import along_of
from injerto.listening.timeline import Timeline
from injerto.network import Network
from injerto.places.address import Address
from injerto.table.recording import blocks

MARGIN_S = 1.28
"""At either end of a block the network sees too little of what comes before or after; neighbours overlap by so much."""
COARSE_S = 0.1
"""Moments farther apart than this are heard twice, the second time half a step later."""
BATCH_BLOCKS = 8
READ_S = 60.0


@dataclass(frozen=True)
class _Plan:
    """How blocks follow each other, in seconds: the first row speaks of the first step of the recording."""

    step_s: float
    passes: int
    lead_s: float
    """Of the first block, before the recording begins."""
    first: int
    """Of a block's moments, the first that counts; `kept` of them do."""
    kept: int
    on_s: float
    """From one block to the next."""


class ByMoment(Timeline):
    """A model with a head for hearing along recordings."""

    def __init__(self, artifact: Artifact, hearing: Hearing) -> None:
        self.hearing = hearing.eval()
        self.names = list(hearing.names)
        network = artifact.network.eval()
        assert isinstance(network, Network)  # points are not heard
        self.along = along_of(network, hearing.seconds).quick()
        passes = 2 if self.along.hop_s > COARSE_S else 1
        self.step_s = self.along.hop_s / passes
        self.plan = self._planned(passes)

    def _planned(self, passes: int) -> _Plan:
        hop_s, seconds = self.along.hop_s, self.along.seconds
        moments_s = self.along.moments_s(math.ceil(seconds / hop_s)).numpy()
        counted = np.flatnonzero((moments_s >= MARGIN_S - 1e-9) & (moments_s <= seconds - MARGIN_S + 1e-9))
        first, kept = int(counted[0]), len(counted)
        return _Plan(self.step_s, passes, float(moments_s[first]) - self.step_s / 2, first, kept, kept * hop_s)

    def answers(self, path: str | Path | Address) -> Iterator[np.ndarray]:
        """Blocks with all their passes, one after the other."""
        streams = [_blocks(path, ear.rate_hz, self.along.samples(key), self.plan) for key, ear in self.along.ears.items()]
        yield from streamed(self._answer, batched(zip(*streams, strict=False), BATCH_BLOCKS))

    def _answer(self, together: list[tuple[np.ndarray, ...]]) -> np.ndarray:
        """Blocks (passes,n) for each ear to shares (T,K), the passes' rows by turns."""
        raw = {
            key: torch.from_numpy(np.concatenate(own))
            for key, own in zip(self.along.ears, zip(*together, strict=True), strict=True)
        }
        channels = self.along.channels(raw)[..., self.plan.first : self.plan.first + self.plan.kept]
        turns = self.hearing(channels).unflatten(0, (-1, self.plan.passes)).transpose(1, 2)  # (B,T,passes,K)
        rows: np.ndarray = turns.flatten(0, 2).float().numpy()
        return rows


def _blocks(path: str | Path | Address, rate_hz: int, samples: int, plan: _Plan) -> Iterator[np.ndarray]:
    """Blocks (passes,n) at `rate_hz`; before its beginning and after its end the recording is mirrored."""
    lead, on = round(plan.lead_s * rate_hz), round(plan.on_s * rate_hz)
    later = round(plan.step_s * rate_hz) * (plan.passes - 1)
    need = samples + later

    def cut(held: np.ndarray) -> np.ndarray:
        return np.stack([held[number * later : number * later + samples] for number in range(plan.passes)])

    held, fresh = np.empty(0, dtype=np.float32), 0
    for number, part in enumerate(blocks(path, rate_hz=rate_hz, block_seconds=READ_S)):
        mirrored = np.pad(part.samples, (lead, 0), mode="symmetric") if number == 0 else part.samples
        held = np.concatenate([held, mirrored])
        while len(held) >= need:
            yield cut(held)
            held = held[on:]
        fresh = len(held)
    while fresh > lead:
        yield cut(np.pad(held, (0, need - len(held)), mode="symmetric"))
        held, fresh = held[on:], fresh - on
