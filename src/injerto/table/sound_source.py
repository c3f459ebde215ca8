"""One open sound file, wherever its bytes are: what its header says, its samples part by part, and why it is refused."""

from __future__ import annotations

import io
import os
from functools import lru_cache
from math import gcd
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from injerto.errors import MediaError
from injerto.places.address import Place
from injerto.places.steady import steadily
from injerto.table.cell_bytes import file_slips, media_bytes, media_path, path_of
from injerto.table.file_bytes import Bounded, Content, FileBytes, Fronted
from injerto.table.mp3_index import index_frame, with_index
from injerto.table.sound_lengths import missing_part
from injerto.table.sound_refusal import refusal

_SLIPS = (soundfile.SoundFileError, TypeError, ValueError)
BUFFER_BYTES = 262_144
FREE_SAMPLES, SAMPLES_A_BYTE = 60_000_000, 1000
"""Of a longer sound, all channels together, each byte of its file stands for at most so many samples. Silence has 372 as FLAC
and 960 as Opus; what has more was made to fill the memory, or holds nothing."""
LOUDEST = 2.0**32
"""Full scale is 1; programs that keep whole numbers as fractions reach 2**31. What is louder is no sound, but other bytes."""

_RUN_UP_S = {"MP3": 0.8}
"""Decoded before a place and thrown away. A frame of an MP3 may lean on 511 bytes before it, half a second at 8 kbit/s, and
soundfile goes to its place anew after each read."""


def sound_source(cell: object, folder: Place) -> Path | bytes:
    """Where the sound of a cell is read from: its file if it names one, else its bytes. *Raises* MediaError."""
    text = path_of(cell)
    return media_bytes(cell, folder) if text is None else media_path(text, folder)


class OpenSound:
    """A sound that is open for reading, of which no more is read than is asked for.

    *Raises* MediaError with a reason but no place, in every method; when it is opened, also for a file that ends before its
    header says. The part of a reason before ": " is one of a few fixed phrases.
    """

    def __init__(self, source: Path | bytes) -> None:
        self._content: Content = FileBytes(source) if isinstance(source, Path) else source
        try:
            with file_slips():
                self._readable = _readable(source)
            self._sound = soundfile.SoundFile(self._readable)
        except _SLIPS as slip:
            self._require_read()
            self._close_readable()
            raise MediaError(refusal(self._content, slip)) from slip
        self.rate_hz: int = self._sound.samplerate
        self.channels: int = self._sound.channels
        self.frames: int = self._sound.frames
        self._place = self._decoded = 0
        missing = missing_part(self._content)
        if missing:
            self.close()
            raise MediaError(f"truncated {self._sound.format} sound: {missing}")
        try:
            self.require_likely(self.frames * self.channels)
        except MediaError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._sound.close()
        self._close_readable()

    def _close_readable(self) -> None:
        self._readable.close()

    def _require_read(self) -> None:
        """*Raises* MediaError when the file itself could not be read: the decoder saw only that it ended."""
        file = self._readable.file
        raw = file.raw if isinstance(file, io.BufferedReader) else None
        if isinstance(raw, Fronted) and raw.slip is not None:
            raise MediaError(f"cannot be read: {raw.slip.strerror or raw.slip}")

    @property
    def seconds(self) -> float:
        """How long it is by its header."""
        return self.frames / self.rate_hz

    def require_likely(self, samples: int) -> None:
        """*Raises* MediaError when so many samples are far more than a file of this size can hold."""
        if samples > max(FREE_SAMPLES, SAMPLES_A_BYTE * len(self._content)):
            raise MediaError(
                f"too long: {samples:,} samples from a file of {len(self._content):,} bytes; beyond "
                f"{FREE_SAMPLES // 1_000_000} million, a byte may stand for {SAMPLES_A_BYTE}"
            )

    def seek(self, frame: int) -> None:
        """Go to a frame (a sample of every channel)."""
        self._place = frame

    def read(self, frames: int = -1) -> np.ndarray:
        """The next frames, all that follow by default: (n, channels) float32, fewer where the file ends."""
        before = min(self._place, round(_RUN_UP_S.get(self._sound.format, 0.0) * self.rate_hz))
        start = self._place - before
        try:
            if self._decoded != start:  # asked only then, as sounds of some telephones can be read from their beginning alone
                self._decoded = self._sound.seek(start)
            count = max(0, self.frames - start) if frames < 0 else before + frames
            samples: np.ndarray = self._sound.read(count, dtype="float32", always_2d=True)
            self._decoded += len(samples)
            samples = samples[before:]
        except _SLIPS as slip:
            self._require_read()
            raise MediaError(refusal(self._content, slip)) from slip
        except MemoryError as slip:
            raise MediaError(f"too long: {self.seconds:,.0f} s do not fit in memory; cut the recording into pieces") from slip
        self._require_read()
        self._place += len(samples)
        return samples

    def require(self, promised: int, held: int) -> None:
        """*Raises* MediaError when the file ended too early, or holds nothing."""
        if held < promised:
            raise MediaError(
                f"truncated {self._sound.format} sound: the header promises {promised} samples, the file holds {held}"
            )
        if held == 0:
            raise MediaError("no samples: the sound is empty")

    def grid_frame(self, seconds: float, rate_hz: int) -> int:
        """The last frame not after `seconds` at which a sample of the sound at `rate_hz` stands too.

        Resampled from there on, a part of a sound has its samples where those of the whole are.
        """
        step = self.rate_hz // gcd(self.rate_hz, rate_hz)
        return max(0, int(seconds * self.rate_hz)) // step * step


def mono(samples: np.ndarray) -> np.ndarray:
    """The mean (n,) of the channels of (n, channels). *Raises* MediaError where one is NaN, infinite or beyond LOUDEST."""
    if samples.size and not max(samples.max(), -samples.min()) <= LOUDEST:
        wrong = int(np.count_nonzero(~np.isfinite(samples).all(axis=1)))
        if wrong:
            raise MediaError(f"samples are not finite: {wrong} of {len(samples)} are NaN or infinite")
        raise MediaError(f"samples are beyond any sound: up to {np.abs(samples).max():.3g}, where full scale is 1")
    mean: np.ndarray = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    return mean


def _readable(source: Path | bytes) -> Bounded:
    """What soundfile reads: with an index before an MP3 that lacks one, and no trust in the ending of a name."""
    if isinstance(source, bytes):
        return Bounded(io.BytesIO(with_index(source)))
    facts = steadily(lambda: os.stat(source))
    front, start = _index_frame(source, facts.st_size, facts.st_mtime_ns)
    return Bounded(io.BufferedReader(Fronted(front, source, start), BUFFER_BYTES))


@lru_cache(maxsize=64)
def _index_frame(path: Path, size: int, mtime_ns: int) -> tuple[bytes, int]:
    """Kept, as many clips may come from one file; its size and time tell one that was written anew."""
    return index_frame(FileBytes(path))
