"""The first seconds of a sound as a picture and a sound that stand in a page, to be looked at and played."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from injerto.errors import MediaError
from injerto.evidence.spectrogram import png, spectrogram
from injerto.table.media import read_samples

RATE_HZ = 16_000
LONGEST_SECONDS = 5.0
"""About 25 kilobytes of sound and as many of picture in the page."""


@dataclass(frozen=True)
class Player:
    """Picture and sound as data addresses."""

    picture: str
    sound: str

    @property
    def size(self) -> int:
        """Bytes in the page."""
        return len(self.picture) + len(self.sound)


def player(cell: object, folder: Path) -> Player | None:
    """The beginning of a cell's sound; None where it is empty or cannot be read (the ledger says why)."""
    if cell is None:
        return None
    try:
        samples = read_samples(cell, folder, rate_hz=RATE_HZ, most_seconds=LONGEST_SECONDS)
    except MediaError:
        return None
    samples = samples[: round(LONGEST_SECONDS * RATE_HZ)]
    picture = data_address("image/png", png(spectrogram(samples, RATE_HZ)))
    return Player(picture, data_address("audio/mpeg", mp3(samples, RATE_HZ)))


def mp3(samples: np.ndarray, rate_hz: int) -> bytes:
    """Samples as MP3, as loud as they can be: two thirds of the size of Vorbis here, and phones that lack Vorbis play it."""
    peak = float(np.abs(samples).max(initial=0.0))
    target = io.BytesIO()
    louder = samples * np.float32(0.9 / peak) if peak > 0 else samples
    soundfile.write(target, louder, rate_hz, format="MP3", subtype="MPEG_LAYER_III", compression_level=0.6)
    return target.getvalue()


def data_address(kind: str, content: bytes) -> str:
    """Content of a `kind` as browsers call it, as an address that stands in the page."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
