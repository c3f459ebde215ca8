"""A recording of any length, block by block: an hour or a month of sound in the memory of a block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import soxr

from injerto.errors import MediaError
from injerto.places.address import Address, Place, place_of
from injerto.table.cell_bytes import media_path
from injerto.table.samples import MARGIN_S, placed
from injerto.table.sound_source import OpenSound, mono

READ_FRAMES = 262_144
"""Read and resampled at a time; fewer where a file has many channels or a low rate, and a frame becomes many samples."""
_FEW = 16
"""Samples that a frame may be, or become, without that."""


@dataclass(frozen=True)
class Recording:
    """What the header of a sound file says."""

    path: Place
    seconds: float
    rate_hz: int
    channels: int

    @classmethod
    def open(cls, path: str | Path | Address) -> Self:
        """Look at the header and the length of a file. *Raises* MediaError, also for a file that is plainly truncated."""
        path = place_of(path)
        with placed(str(path), None), OpenSound(_file(path)) as sound:
            return cls(path, sound.seconds, sound.rate_hz, sound.channels)


@dataclass(frozen=True)
class Block:
    """Some seconds of a recording: one channel (n,) float32, from `start_s` on."""

    start_s: float
    samples: np.ndarray


def blocks(
    path: str | Path | Address, *, rate_hz: int, block_seconds: float, overlap_seconds: float = 0.0, start_s: float = 0.0
) -> Iterator[Block]:
    """A recording from `start_s` to its end as blocks at `rate_hz`; the last is as short as what is left.

    The samples are those of `read_samples` of the whole file. A block starts `block_seconds - overlap_seconds` after the one
    before, in whole samples; no block lies within the one before.

    *Raises* MediaError as `read_samples` does: at once for a file that is plainly truncated or no sound, on the way for one
    that turns out so. ValueError when blocks would not move on.
    """
    size, overlap = round(block_seconds * rate_hz), round(overlap_seconds * rate_hz)
    if not 0 <= overlap < size or start_s < 0:
        raise ValueError(
            f"Blocks of {block_seconds} s that overlap by {overlap_seconds} s, from {start_s} s on: an overlap is shorter than "
            "a block, and no time is negative."
        )
    path = place_of(path)
    with placed(str(path), None), OpenSound(_file(path)) as sound:
        if start_s > 0 and start_s >= sound.seconds:
            raise MediaError(f"beyond the file: start at {start_s} s, the file ends at {round(sound.seconds, 3)} s")
        sound.require_likely(sound.frames * rate_hz // sound.rate_hz)
        yield from _cut(_resampled(sound, rate_hz, start_s), rate_hz, size, overlap, round(start_s * rate_hz))


def _cut(parts: Iterator[np.ndarray], rate_hz: int, size: int, overlap: int, first: int) -> Iterator[Block]:
    """Parts of any size (n,) to blocks of `size` samples, counted from sample `first` on."""
    held, fresh = np.empty(0, dtype=np.float32), 0
    for part in parts:
        held, fresh = np.concatenate([held, part]), fresh + len(part)
        while len(held) >= size:
            yield Block(first / rate_hz, held[:size].copy())
            held, first = held[size - overlap :], first + size - overlap
            fresh = len(held) - overlap
    if fresh > 0:
        yield Block(first / rate_hz, held)


def _resampled(sound: OpenSound, rate_hz: int, start_s: float) -> Iterator[np.ndarray]:
    """Samples (n,) at `rate_hz` from `start_s` on, as soxr lets them go."""
    place = sound.grid_frame(start_s - MARGIN_S, rate_hz)
    unwanted = round(start_s * rate_hz) - place * rate_hz // sound.rate_hz
    stream = soxr.ResampleStream(sound.rate_hz, rate_hz, 1, dtype="float32", quality="HQ")
    sound.seek(place)
    frames = max(1, READ_FRAMES * _FEW // max(_FEW, sound.channels, rate_hz // sound.rate_hz))
    while True:
        samples = sound.read(frames)
        place += len(samples)
        last = len(samples) < frames
        if last:
            sound.require(sound.frames, place)
        part = mono(samples)
        part = part if sound.rate_hz == rate_hz else stream.resample_chunk(part, last=last)
        yield part[unwanted:]
        unwanted = max(0, unwanted - len(part))
        if last:
            return


def _file(path: Place) -> Path:
    return media_path(str(path), Path("."))
