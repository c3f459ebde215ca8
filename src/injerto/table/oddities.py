"""What is odd about a file that can be used all the same: a sound's silence, clipped peaks, hardly any length; a dark photo."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from injerto.places.address import Place
from injerto.table.media import read_pixels
from injerto.table.samples import placed, stretch, whole
from injerto.table.sound_source import OpenSound, mono, sound_source
from injerto.table.span import span_of

Oddity = Literal["silent", "clipped", "short", "dark"]
ODDITIES: tuple[Oddity, ...] = get_args(Oddity)

SHORTEST_S = 0.02
"""Below this a sound is a click: one cycle of 50 Hz."""
FULL_SCALE = 0.99
"""8-bit files end at 0.992."""
FLAT_TOP = 3
"""So many equal samples at full scale are a peak cut off. A pure tone that just fits has as many near it, but no two alike."""
CLIPPED_SHARE = 0.01
"""Share of the samples in flat tops from which a sound counts as clipped."""

DARK = 16
"""Of 255, the highest level of a photo that is as good as black. One of 12 bits in a file of 16 ends there."""


def look(cell: object, folder: Place, *, row: int | None = None) -> list[Oddity]:
    """Read a photo in full, as training would, and say what is odd about it.

    *Raises* MediaError: the error that training would meet.
    """
    return ["dark"] if read_pixels(cell, folder, row=row).max() <= DARK else []


def hear(cell: object, folder: Place, *, row: int | None = None, most_seconds: float | None = None) -> list[Oddity]:
    """Read a cell in full, as training would, and say what is odd about it. Of a clip `most_seconds` at most are read.

    *Raises* MediaError: the error that training would meet.
    """
    with placed(cell, row), OpenSound(sound_source(cell, folder)) as sound:
        span = span_of(cell)
        if span is None:
            samples = whole(sound, sound.rate_hz)
        else:
            start_s, end_s = span.within(sound.seconds, sound.rate_hz)
            end_s = end_s if most_seconds is None else min(end_s, start_s + most_seconds)
            around, place = stretch(sound, start_s, end_s, sound.rate_hz)
            mono(around)
            samples = around[round(start_s * sound.rate_hz) - place : max(1, round(end_s * sound.rate_hz) - place)]
        mono(samples)
        return oddities(samples, sound.rate_hz)


def oddities(samples: np.ndarray, rate_hz: int) -> list[Oddity]:
    """What is odd about samples (n, channels)."""
    found: list[Oddity] = []
    if len(samples) < SHORTEST_S * rate_hz:
        found.append("short")
    if bool((samples == samples[:1]).all()):
        found.append("silent")
    elif clipped_share(samples) > CLIPPED_SHARE:
        found.append("clipped")
    return found


def clipped_share(samples: np.ndarray) -> float:
    """Share of the samples (n, channels) that lie in a flat top at full scale, in the worst channel."""
    peaks = np.abs(samples) >= FULL_SCALE
    if len(samples) < FLAT_TOP or not peaks.any():
        return 0.0
    level = np.clip(samples, -1, 1)  # decoders of lossy sounds round a cut peak to something above
    same = (level[1:] == level[:-1]) & peaks[1:]
    tops = same[:-1] & same[1:]  # the middles of flat tops
    inside = np.zeros_like(peaks)
    for shift in range(FLAT_TOP):
        inside[shift : shift + len(tops)] |= tops
    return float(inside.mean(axis=0).max())
