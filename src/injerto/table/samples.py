"""A sound cell to samples: one channel, float32, at the rate asked for. A clip's cell costs no more than the clip."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import soxr

from injerto.errors import MediaError
from injerto.places.address import Place
from injerto.table.cell_bytes import media_name
from injerto.table.sound_source import OpenSound, mono, sound_source
from injerto.table.span import Span, span_of

MOST_SAMPLES = 500_000_000
"""All channels together, 2 GB as float32 and three hours at 44.1 kHz: longer recordings must be cut into pieces."""

MARGIN_S = 0.05
"""Read on both sides of a clip, so that the resampler's filter finds there what it finds in the whole file."""


def read_samples(
    cell: object, folder: Place, *, rate_hz: int, row: int | None = None, most_seconds: float | None = None
) -> np.ndarray:
    """A sound as (n,) float32 at `rate_hz`: the mean of its channels, resampled with soxr's high quality.

    Of a clip no more than `most_seconds` are read; a whole file is always read to its end, where its damage shows.

    *Raises* MediaError with the row, the file and the reason; also for samples that are not finite, for a file that
    holds less than its header promises, and for a clip that is not within its file.
    """
    with placed(cell, row), OpenSound(sound_source(cell, folder)) as sound:
        span = span_of(cell)
        if span is None:
            return resampled(mono(whole(sound, rate_hz)), sound.rate_hz, rate_hz)
        return _clip(sound, span, rate_hz, most_seconds)


def sound_duration(cell: object, folder: Place, *, row: int | None = None) -> float:
    """Seconds of sound in a cell, from its header where that can be trusted. *Raises* MediaError."""
    with placed(cell, row), OpenSound(sound_source(cell, folder)) as sound:
        span = span_of(cell)
        if span is None:
            return sound.seconds
        start_s, end_s = span.within(sound.seconds, sound.rate_hz)
        return end_s - start_s


@contextmanager
def placed(cell: object, row: int | None) -> Iterator[None]:
    """Add the file and the row to a MediaError."""
    try:
        yield
    except MediaError as error:
        raise MediaError(error.reason, file=media_name(cell), row=row) from error


def whole(sound: OpenSound, rate_hz: int) -> np.ndarray:
    """All samples (n, channels) of a sound, as they are. *Raises* MediaError when they are fewer than promised, or too many,
    also for `rate_hz`, at which they are wanted.
    """
    _require_room(sound, sound.frames, rate_hz)
    samples = sound.read()
    sound.require(sound.frames, len(samples))
    return samples


def stretch(sound: OpenSound, start_s: float, end_s: float, rate_hz: int) -> tuple[np.ndarray, int]:
    """Samples (n, channels) around a part of a sound, and the frame at which they start, a place of the grid of `rate_hz`."""
    first = sound.grid_frame(start_s - MARGIN_S, rate_hz)
    last = min(sound.frames, math.ceil((end_s + MARGIN_S) * sound.rate_hz))
    _require_room(sound, last - first, rate_hz)
    sound.seek(first)
    samples = sound.read(last - first)
    sound.require(last, first + len(samples))
    return samples, first


def resampled(samples: np.ndarray, found_hz: int, rate_hz: int) -> np.ndarray:
    """Samples (n,) at `found_hz` as float32 at `rate_hz`."""
    if found_hz != rate_hz:
        samples = soxr.resample(samples, found_hz, rate_hz, quality="HQ")
    return np.ascontiguousarray(samples, dtype=np.float32)


def _clip(sound: OpenSound, span: Span, rate_hz: int, most_seconds: float | None) -> np.ndarray:
    start_s, end_s = span.within(sound.seconds, sound.rate_hz)
    if most_seconds is not None:
        end_s = min(end_s, start_s + most_seconds)
    samples, place = stretch(sound, start_s, end_s, rate_hz)
    start = round(start_s * rate_hz) - place * rate_hz // sound.rate_hz
    # Of a clip shorter than a sample, one sample is what there is.
    length = max(1, round(end_s * rate_hz) - round(start_s * rate_hz))
    return resampled(mono(samples), sound.rate_hz, rate_hz)[start : start + length].copy()


def _require_room(sound: OpenSound, frames: int, rate_hz: int) -> None:
    """*Raises* MediaError when so many frames are too many, as they are or at `rate_hz`."""
    fresh = frames * rate_hz // sound.rate_hz
    sound.require_likely(fresh)
    if max(frames * sound.channels, fresh) > MOST_SAMPLES:
        hours = frames / sound.rate_hz / 3600
        raise MediaError(f"too long: {hours:.1f} hours; cut the recording into pieces, or into clips by their times")
