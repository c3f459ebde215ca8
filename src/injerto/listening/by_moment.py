"""Shares over time by the head that learned when sounds begin and end: blocks through the network, a row a moment."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from injerto.artifact.artifact import Artifact
from injerto.backbones.streams import streamed
from injerto.heads.hearing import Hearing
from injerto.learning.scenery import along_of
from injerto.listening.timeline import Stretch, Timeline
from injerto.table.recording import Recording, blocks

MARGIN_S = 1.28
"""At either end of a block the network sees too little of what comes before or after; neighbours overlap by so much."""
COARSE_S = 0.1
"""Moments farther apart than this are heard twice, the second time half a step later."""
BATCH_BLOCKS = 8
READ_S = 60.0


@dataclass(frozen=True)
class _Plan:
    """How blocks follow each other, in seconds: the first row speaks of the first step of the recording."""

    seconds: float
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
        self.along = along_of(artifact.network.eval(), hearing.seconds).quick()
        passes = 2 if self.along.hop_s > COARSE_S else 1
        self.step_s = self.along.hop_s / passes
        self.plan = self._planned(passes)

    def _planned(self, passes: int) -> _Plan:
        hop_s, seconds = self.along.hop_s, self.along.seconds
        moments_s = self.along.moments_s(math.ceil(seconds / hop_s)).numpy()
        counted = np.flatnonzero((moments_s >= MARGIN_S - 1e-9) & (moments_s <= seconds - MARGIN_S + 1e-9))
        first, kept = int(counted[0]), len(counted)
        return _Plan(seconds, self.step_s, passes, float(moments_s[first]) - self.step_s / 2, first, kept, kept * hop_s)

    def scores(self, path: str | Path) -> Iterator[Stretch]:
        rows = max(1, math.ceil(Recording.open(path).seconds / self.step_s - 1e-6))
        done, last = 0, np.empty((0, len(self.names)), dtype=np.float32)
        for answer in streamed(self._answer, self._batches(path)):
            shares = answer[: rows - done]
            if len(shares):
                yield Stretch(done * self.step_s, shares)
                last = shares[-1:]
            done += len(shares)
        if done < rows:  # the last step may hold less than a sample at the network's rate
            yield Stretch(done * self.step_s, np.repeat(last, rows - done, axis=0))

    def _batches(self, path: str | Path) -> Iterator[dict[str, torch.Tensor]]:
        """Blocks (B,n) by ear: of each place all passes, one after the other."""
        streams = {key: _blocks(path, ear.rate_hz, self.along.samples(key), self.plan) for key, ear in self.along.ears.items()}
        held: list[tuple[np.ndarray, ...]] = []
        with ExitStack() as stack:
            for stream in streams.values():
                stack.callback(stream.close)
            for together in zip(*streams.values(), strict=False):
                held.append(together)
                if len(held) == BATCH_BLOCKS:
                    yield _together(held, streams)
                    held = []
        if held:
            yield _together(held, streams)

    def _answer(self, batch: dict[str, torch.Tensor]) -> np.ndarray:
        """Blocks to shares (T,K), the passes' rows by turns."""
        channels = self.along.channels(batch)
        shares = self.hearing(channels[..., self.plan.first : self.plan.first + self.plan.kept])  # (B * passes,T,K)
        turns = shares.unflatten(0, (-1, self.plan.passes)).transpose(1, 2)
        rows: np.ndarray = turns.flatten(0, 2).float().numpy()
        return rows


def _together(held: list[tuple[np.ndarray, ...]], keys: Iterable[str]) -> dict[str, torch.Tensor]:
    return {key: torch.from_numpy(np.concatenate([one[place] for one in held])) for place, key in enumerate(keys)}


def _blocks(path: str | Path, rate_hz: int, samples: int, plan: _Plan) -> Generator[np.ndarray]:
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
