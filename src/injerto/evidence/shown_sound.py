"""Samples as a page has them: drawn as a spectrogram, played as an MP3, and of a long sound its beginning."""

from __future__ import annotations

import numpy as np

from injerto.evidence.addresses import data_address, mp3
from injerto.evidence.spectrogram import png, spectrogram
from injerto.places.address import Place
from injerto.table.samples import read_samples

RATE_HZ = 16_000
"""Of sounds that are shown beside each other; pictures reach to half of it."""


def beginning(cell: object, folder: Place, *, most_seconds: float) -> np.ndarray:
    """Samples (n,) at `RATE_HZ` of a sound, or of its first seconds. *Raises* MediaError when it cannot be read."""
    return read_samples(cell, folder, rate_hz=RATE_HZ, most_seconds=most_seconds)[: round(most_seconds * RATE_HZ)]


def drawn(samples: np.ndarray, rate_hz: int, *, top_hz: float | None = None) -> str:
    """The address of a picture of samples (n,), from 0 to `top_hz` or to the highest frequency that they hold."""
    levels = spectrogram(samples, rate_hz)
    if top_hz is not None:
        levels = levels[round(len(levels) * (1 - 2 * top_hz / rate_hz)) :]
    return data_address("image/png", png(levels))


def played(samples: np.ndarray, rate_hz: int) -> str:
    """The address of a sound of samples (n,). `rate_hz` must be one that MP3 has."""
    return data_address("audio/mpeg", mp3(samples, rate_hz))
