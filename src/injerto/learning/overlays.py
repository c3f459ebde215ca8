"""Clips laid over backgrounds at known times: what a head that runs along time learns from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from injerto.learning.sounding import sounding

DECIBEL = (0.0, 20.0)
"""How far a clip stands above its background, both measured while it sounds."""
BACKGROUND_DECIBEL = (-10.0, 10.0)
"""By how much backgrounds are made softer or louder: recorders differ in gain."""
SILENCE = 1e-5
"""A background softer than this (of full scale, root mean square) is silence, over which any clip stands out."""
PAUSE_S = (1.0, 8.0)
"""Between a clip and its neighbours. Blocks that held one clip each taught a head that was lost where sounds follow closely."""


@dataclass(frozen=True)
class Part:
    """A clip in a block: which one, from when on (it may begin before the block and end after it), and how loud."""

    clip: int
    start_s: float
    decibel: float


@dataclass(frozen=True)
class Overlay:
    """Clips over a background: which, the share of the background that has passed as the block begins, and how loud it is."""

    parts: tuple[Part, ...]
    background: int
    passed: float
    background_decibel: float

    def laid(self, clips: Mapping[int, np.ndarray], background: np.ndarray, samples: int, rate_hz: int) -> np.ndarray:
        """The block (samples,) float32 of `clips` (n,) over `background` (m,), which goes round; all at `rate_hz`."""
        bed = np.resize(np.roll(background, -round(self.passed * len(background))), samples).astype(np.float32)
        bed *= 10 ** (self.background_decibel / 20)
        block = bed.copy()
        for part in self.parts:
            clip, start = clips[part.clip], round(part.start_s * rate_hz)
            first, last = max(0, start), min(samples, start + len(clip))
            sounds = [clip[begin:end] for begin, end in sounding(clip, rate_hz)]
            if first < last and sounds:
                loud, below = _loudness(np.concatenate(sounds)), _loudness(bed[first:last])
                level = below if below > SILENCE else loud  # else a clip over silence would be lost and taught all the same
                block[first:last] += level / max(loud, 1e-6) * 10 ** (part.decibel / 20) * clip[first - start : last - start]
        return block / max(1.0, float(np.abs(block).max()))

    def events_s(self, clips: Mapping[int, np.ndarray], seconds: float, rate_hz: int) -> list[tuple[float, float, int]]:
        """From when to when which clip sounds, within a block of so many seconds."""
        found = [
            (max(0.0, part.start_s + first / rate_hz), min(seconds, part.start_s + last / rate_hz), part.clip)
            for part in self.parts
            for first, last in sounding(clips[part.clip], rate_hz)
        ]
        return [event for event in found if event[0] < event[1]]


def drawn(
    clips: np.ndarray,
    folds: np.ndarray,
    backgrounds: int,
    times: int,
    *,
    clip_seconds: float,
    seconds: float,
    generator: np.random.Generator,
) -> list[Overlay]:
    """Each of `clips` (N,) `times` over, at random moments of blocks of `seconds`, with the ends of neighbours in some.

    A clip of fold f (`folds`, (N,)) has neighbours and, where there are enough, backgrounds of that fold alone: what is judged
    by a fold that was left out must be new throughout.
    """
    count = int(folds.max()) + 1
    kin = {fold: clips[folds == fold] for fold in range(count)}
    overlays = []
    for clip, fold in zip(clips.tolist(), folds.tolist(), strict=True):
        own = np.arange(fold if backgrounds >= count else 0, backgrounds, count if backgrounds >= count else 1)
        for _ in range(times):
            start_s = generator.uniform(0, max(0.0, seconds - clip_seconds))
            before_s = start_s - generator.uniform(*PAUSE_S) - clip_seconds
            after_s = start_s + clip_seconds + generator.uniform(*PAUSE_S)
            others = generator.choice(kin[fold], 2).tolist()
            parts = [
                Part(which, float(begin_s), float(generator.uniform(*DECIBEL)))
                for which, begin_s in ((clip, start_s), (others[0], before_s), (others[1], after_s))
                if -clip_seconds < begin_s < seconds
            ]
            quieter = float(generator.uniform(*BACKGROUND_DECIBEL))
            overlays.append(Overlay(tuple(parts), int(generator.choice(own)), float(generator.uniform()), quieter))
    return overlays


def _loudness(samples: np.ndarray) -> float:
    return float(np.sqrt(np.square(samples).mean()))
