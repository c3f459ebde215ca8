"""Made-up long recordings: clips of known sounds at known times over a soundscape, 0 to 20 dB above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from injerto.learning.sounding import sounding
from injerto.table.media import read_samples

RATE_HZ = 44_100
FADE_S = 0.02


@dataclass(frozen=True)
class Event:
    """One sound that was put in."""

    start_s: float
    end_s: float
    label: str
    decibel: float
    """Above the background, both measured over the event."""


@dataclass(frozen=True)
class MadeUp:
    """A recording (n,) at 44.1 kHz and what is in it."""

    samples: np.ndarray
    events: list[Event]


def tiles(files: Sequence[Path], seconds: float, generator: np.random.Generator) -> np.ndarray:
    """A background of `seconds`: the files in random order, each faded into the next, as often as needed."""
    fade = round(FADE_S * RATE_HZ)
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    parts: list[np.ndarray] = []
    while sum(map(len, parts)) < seconds * RATE_HZ:
        for place in generator.permutation(len(files)):
            part = read_samples(str(files[place]), Path(), rate_hz=RATE_HZ).copy()
            part[:fade] *= ramp
            part[-fade:] *= ramp[::-1]
            parts.append(part)
    return np.concatenate(parts)[: round(seconds * RATE_HZ)]


def made_up(
    clips: Sequence[tuple[np.ndarray, str]], background: Sequence[Path], *, gap_s: tuple[float, float], seed: int
) -> MadeUp:
    """Every clip once, in random order, with a gap drawn from `gap_s` between them."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(clips))
    gaps = generator.uniform(*gap_s, size=len(order) + 1)
    seconds = float(gaps.sum()) + sum(len(clips[place][0]) for place in order) / RATE_HZ
    samples = tiles(background, seconds + 1, generator)
    events, cursor = [], 0.0
    for place, gap in zip(order, gaps, strict=False):
        clip, label = clips[place]
        cursor += float(gap)
        start = round(cursor * RATE_HZ)
        sounding_parts = sounding(clip, RATE_HZ)
        if not sounding_parts:
            continue
        active = np.concatenate([clip[first:last] for first, last in sounding_parts])
        under = samples[start : start + len(clip)]
        decibel = float(generator.uniform(0, 20))
        gain = np.sqrt((under**2).mean() / max((active**2).mean(), 1e-12)) * 10 ** (decibel / 20)
        samples[start : start + len(clip)] += (gain * clip).astype(np.float32)
        events += [Event(cursor + first / RATE_HZ, cursor + last / RATE_HZ, label, decibel) for first, last in sounding_parts]
        cursor += len(clip) / RATE_HZ
    return MadeUp(samples / max(1.0, float(np.abs(samples).max())), events)
