"""A recording of any length, block by block: an hour or a month of sound in the memory of a block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import soundfile
import soxr

from injerto.errors import MediaError
from injerto.table.sniff import what_is

READ_FRAMES = 262_144
"""Read and resampled at a time."""


@dataclass(frozen=True)
class Recording:
    """What the header of a sound file says."""

    path: Path
    seconds: float
    rate_hz: int
    channels: int

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Look at the header of a file. *Raises* MediaError."""
        with _opened(Path(path)) as sound:
            return cls(Path(path), sound.frames / sound.samplerate, sound.samplerate, sound.channels)


@dataclass(frozen=True)
class Block:
    """Some seconds of a recording: one channel (n,) float32, from `start_s` on."""

    start_s: float
    samples: np.ndarray


def blocks(
    path: str | Path, *, rate_hz: int, block_seconds: float, overlap_seconds: float = 0.0, start_s: float = 0.0
) -> Iterator[Block]:
    """A recording from `start_s` to its end as blocks at `rate_hz`; the last is as short as what is left.

    *Raises* MediaError for what is no sound, holds less than its header promises, or has samples that are not finite.
    """
    size, hop = round(block_seconds * rate_hz), round((block_seconds - overlap_seconds) * rate_hz)
    with _opened(Path(path)) as sound:
        sound.seek(min(sound.frames, round(start_s * sound.samplerate)))
        held, first, fresh = np.empty(0, dtype=np.float32), round(start_s * rate_hz), 0
        for part in _resampled(sound, rate_hz):
            held, fresh = np.concatenate([held, part]), fresh + len(part)
            while len(held) >= size:
                yield Block(first / rate_hz, held[:size].copy())
                held, first = held[hop:], first + hop
                fresh = len(held) - (size - hop)
        if fresh > 0:
            yield Block(first / rate_hz, held)


def _opened(path: Path) -> soundfile.SoundFile:
    try:
        sound = soundfile.SoundFile(path)
    except (soundfile.SoundFileError, TypeError, ValueError) as slip:
        raise MediaError(_reason(path), file=str(path)) from slip
    if not sound.frames:
        raise MediaError("no samples: the sound is empty", file=str(path))
    return sound


def _reason(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as slip:
        return f"cannot be read: {slip.strerror}"
    what = what_is(head)
    return "empty: 0 bytes" if not head else "not a sound" + (f": it is {what}" if what else "")


def _resampled(sound: soundfile.SoundFile, rate_hz: int) -> Iterator[np.ndarray]:
    stream = soxr.ResampleStream(sound.samplerate, rate_hz, 1, dtype="float32", quality="HQ")
    while True:
        samples = sound.read(READ_FRAMES, dtype="float32", always_2d=True).mean(axis=1)
        if not np.isfinite(samples).all():
            raise MediaError("samples are not finite", file=sound.name)
        last = len(samples) < READ_FRAMES
        if last and sound.tell() < sound.frames:
            raise MediaError(f"truncated: {sound.frames} samples promised", file=sound.name)
        yield samples if sound.samplerate == rate_hz else stream.resample_chunk(samples, last=last)
        if last:
            return
