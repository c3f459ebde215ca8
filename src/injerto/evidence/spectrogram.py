"""Seconds of sound as a picture of when and how high, small enough to carry dozens of them in a page."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

WINDOW = 512
COLUMNS_PER_SECOND = 75
ROWS = 128
LEVELS = 16
"""Shades: four bits a pixel, at which a minute of noise takes half a megabyte less than at eight."""
_RANGE_DECIBEL = (25.0, 70.0)
"""The picture reaches from the noise to the loudest moment, but never over less or more than this."""
_SILENCE_DECIBEL = -90.0
_SHADES = ((251, 250, 246), (191, 224, 209), (62, 142, 112), (28, 60, 50), (12, 20, 17))
"""From silence to the loudest: paper, leaf, ink."""


def spectrogram(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Samples (n,) to levels (ROWS, T) uint8 from 0 to LEVELS - 1: the highest frequency, `rate_hz` / 2, on top."""
    hop = max(1, rate_hz // COLUMNS_PER_SECOND)
    columns = max(1, -(-len(samples) // hop))
    padded = np.pad(samples.astype(np.float32), (WINDOW // 2, WINDOW // 2 + hop))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[: columns * hop : hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW).astype(np.float32), axis=1))[:, 1:] ** 2
    rows = power.reshape(len(power), ROWS, -1).max(axis=2)
    decibel = 10 * np.log10(np.maximum(rows, 1e-10)).T[::-1]
    if decibel.max() < _SILENCE_DECIBEL:
        return np.zeros(decibel.shape, dtype=np.uint8)
    floor, top = np.percentile(decibel, 40), decibel.max()
    span = float(np.clip(top - floor, *_RANGE_DECIBEL))
    levels = np.clip((decibel - (top - span)) / span, 0, 1) * (LEVELS - 1)
    return np.asarray(np.rint(levels), dtype=np.uint8)


def png(levels: np.ndarray) -> bytes:
    """Levels (H,W) as a PNG in the colours of the page."""
    places = np.linspace(0, len(_SHADES) - 1, LEVELS)
    stops = np.array(_SHADES, dtype=np.float64)
    shades = np.stack([np.interp(places, np.arange(len(_SHADES)), stops[:, channel]) for channel in range(3)], axis=1)
    picture = Image.fromarray(levels)
    picture.putpalette(np.rint(shades).astype(np.uint8).tobytes())
    target = io.BytesIO()
    picture.save(target, "PNG", bits=4, optimize=True)
    return target.getvalue()
