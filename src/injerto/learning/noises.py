"""Sounds that are nothing in particular: white, pink and brown noise from faint to loud, and silence."""

from __future__ import annotations

import numpy as np

SLOPES = {"white": 0.0, "pink": 0.5, "brown": 1.0}
"""The power of frequency by which amplitudes fall."""
LOUDEST_DECIBEL = (-6, -15, -24, -33, -42)
FAINTEST_DECIBEL = (-70, -80, -90, -100)
"""White noise so faint that it stands for a recorder's own."""


def noises(samples: int) -> np.ndarray:
    """(20, samples) float32: three colours at five levels, faint noise at four, and silence."""
    generator = np.random.default_rng(0)
    clips = [
        _coloured(generator, samples, slope) * 10 ** (decibel / 20) for slope in SLOPES.values() for decibel in LOUDEST_DECIBEL
    ]
    clips += [_coloured(generator, samples, 0.0) * 10 ** (decibel / 20) for decibel in FAINTEST_DECIBEL]
    return np.stack([*clips, np.zeros(samples)]).astype(np.float32)


def _coloured(generator: np.random.Generator, samples: int, slope: float) -> np.ndarray:
    """(samples,) with a peak of 1."""
    spectrum = np.fft.rfft(generator.normal(size=samples))
    spectrum /= np.maximum(np.arange(len(spectrum)), 1) ** slope
    noise = np.fft.irfft(spectrum, samples)
    return np.asarray(noise / np.abs(noise).max())
