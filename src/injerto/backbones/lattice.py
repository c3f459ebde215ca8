"""Where the places of a sound network's grid lie: when, and how high."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MEL = 2595.0
"""Mels a decade, on HTK's scale; Kaldi's is the same one, written with another logarithm."""


@dataclass(frozen=True)
class Lattice:
    """Edges of the places, from and to. A place is told by more than what lies within it: networks look around themselves."""

    seconds: np.ndarray
    """(T,2), from the first sample."""
    hertz: np.ndarray
    """(F,2), the lowest first."""


def spaced(first: float, hop: float, count: int, width: float, rate_hz: int) -> np.ndarray:
    """Edges (count,2) in seconds of places `width` long whose middles begin at `first`, `hop` apart, all in samples.

    Example:
        >>> spaced(0, 10, 2, 10, 10).tolist()
        [[-0.5, 0.5], [0.5, 1.5]]
    """
    middle = first + hop * np.arange(count)
    return np.stack([middle - width / 2, middle + width / 2], axis=1) / rate_hz


def mel_rows(low_hz: float, high_hz: float, bands: int, rows: int) -> np.ndarray:
    """Edges (rows,2) in hertz of `rows` rows of a picture of `bands` triangles that are equally wide in mels.

    Example:
        >>> mel_rows(0, 1000, 3, 3).round().tolist()
        [[82.0, 276.0], [276.0, 519.0], [519.0, 822.0]]
    """
    low, high = (MEL * np.log10(1 + hz / 700) for hz in (low_hz, high_hz))
    # The middles of the bands are at 1, 2, ... of bands + 1 steps.
    step = (0.5 + np.linspace(0, bands, rows + 1)) / (bands + 1)
    hertz = 700 * (10 ** ((low + (high - low) * step) / MEL) - 1)
    return np.stack([hertz[:-1], hertz[1:]], axis=1)
