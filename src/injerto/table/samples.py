"""A sound cell to samples: one channel, float32, at the rate asked for."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import soundfile
import soxr

from injerto.errors import MediaError
from injerto.table.cell_bytes import media_bytes, media_name, media_path
from injerto.table.mp3_index import with_index
from injerto.table.sniff import what_is
from injerto.table.sound_lengths import missing_part

MOST_SAMPLES = 500_000_000
"""All channels together, 2 GB as float32 and three hours at 44.1 kHz: longer recordings must be cut into pieces."""


def read_samples(cell: object, folder: Path, *, rate_hz: int, row: int | None = None) -> np.ndarray:
    """A sound as (n,) float32 at `rate_hz`: the mean of its channels, resampled with soxr's high quality.

    *Raises* MediaError with the row, the file and the reason; also for samples that are not finite, and for a file that
    holds less than its header promises.
    """
    try:
        return decode_sound(media_bytes(cell, folder), rate_hz=rate_hz)
    except MediaError as error:
        raise MediaError(error.reason, file=media_name(cell), row=row) from error


def decode_sound(content: bytes, *, rate_hz: int) -> np.ndarray:
    """The bytes of a sound file to (n,) float32. *Raises* MediaError with a reason but no place."""
    try:
        with soundfile.SoundFile(io.BytesIO(with_index(content))) as sound:
            kind, found_hz, promised = sound.format, sound.samplerate, sound.frames
            if promised * sound.channels > MOST_SAMPLES:
                raise MediaError(f"too long: {promised / found_hz / 3600:.1f} hours; cut the recording into pieces")
            samples = sound.read(dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, TypeError, ValueError) as slip:
        raise MediaError(_reason(content, slip)) from slip
    missing = missing_part(content)
    if not missing and len(samples) < promised:
        missing = f"the header promises {promised} samples, the file holds {len(samples)}"
    if missing:
        raise MediaError(f"truncated {kind} sound: {missing}")
    if len(samples) == 0:
        raise MediaError("no samples: the sound is empty")
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    wrong = int(np.count_nonzero(~np.isfinite(mono)))
    if wrong:
        raise MediaError(f"samples are not finite: {wrong} of {len(mono)} are NaN or infinite")
    if found_hz != rate_hz:
        mono = soxr.resample(mono, found_hz, rate_hz, quality="HQ")
    return np.ascontiguousarray(mono, dtype=np.float32)


def sound_duration(cell: object, folder: Path, *, row: int | None = None) -> float:
    """Seconds of sound in a cell, from its header where that can be trusted. *Raises* MediaError."""
    try:
        try:
            with soundfile.SoundFile(_source(cell, folder)) as sound:
                return float(sound.frames / sound.samplerate)
        except (soundfile.SoundFileError, TypeError, ValueError) as slip:
            raise MediaError(_reason(media_bytes(cell, folder), slip)) from slip
    except MediaError as error:
        raise MediaError(error.reason, file=media_name(cell), row=row) from error


def _source(cell: object, folder: Path) -> str | io.BytesIO:
    """A path, of which only the header is read; the bytes where there is no path, or no length in the header (MP3)."""
    if isinstance(cell, str) and not cell.lower().endswith(".mp3"):
        return str(media_path(cell, folder))
    return io.BytesIO(with_index(media_bytes(cell, folder)))


def _reason(content: bytes, slip: Exception) -> str:
    """Why soundfile refused."""
    missing = missing_part(content)
    what = what_is(content)
    if missing:
        return f"truncated sound: {missing}"
    if what in ("a WAV sound", "an Ogg sound", "a FLAC sound", "an MP3 sound"):
        why = slip.error_string if isinstance(slip, soundfile.LibsndfileError) else str(slip)
        return f"damaged sound: {what} that cannot be decoded ({why.removeprefix('Error : ').rstrip('.')})"
    return "not a sound" + (f": it is {what}" if what else "")
