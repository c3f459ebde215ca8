"""Columns of pictures and sounds made on disk, for tests of features, backbones and embedders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import soundfile
from PIL import Image

from injerto.table.column import Column


def column_of(cells: Sequence[object], folder: Path, first_row: int = 0) -> Column:
    """A column `media` of `cells`, its rows counted from `first_row`."""
    return Column("media", pl.Series("media", cells), folder, np.arange(first_row, first_row + len(cells)))


def photos(folder: Path, count: int, side: int = 40) -> list[str]:
    """PNG files of smooth random shades, each of its own."""
    names = []
    for number in range(count):
        coarse = np.random.default_rng(number).integers(0, 255, (5, 5, 3), dtype=np.uint8)
        names.append(f"{number}.png")
        Image.fromarray(coarse).resize((side + 8, side), Image.Resampling.BICUBIC).save(folder / names[-1])
    return names


def sounds(folder: Path, seconds: Sequence[float], rate_hz: int = 16_000) -> list[str]:
    """WAV files of noise with the durations given."""
    names = []
    for number, duration in enumerate(seconds):
        samples = np.random.default_rng(number).normal(scale=0.1, size=round(duration * rate_hz)).astype(np.float32)
        names.append(f"{number}.wav")
        soundfile.write(folder / names[-1], samples, rate_hz)
    return names
