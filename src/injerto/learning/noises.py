"""Sounds that are nothing in particular: noise from faint to loud, silence, and chords as any music has them."""

from __future__ import annotations

import numpy as np

SLOPES = {"white": 0.0, "pink": 0.5, "brown": 1.0}
"""The power of frequency by which amplitudes fall."""
LOUDEST_DECIBEL = (-6, -15, -24, -33, -42)
FAINTEST_DECIBEL = (-70, -80, -90, -100)
"""White noise so faint that it stands for a recorder's own."""


CHORDS_HZ = ((110.0, 138.6, 164.8), (196.0, 246.9, 293.7), (261.6, 311.1, 392.0), (440.0, 554.4, 659.3))
DECAY_A_SECOND = (0.0, 4.0)
"""Chords are held, or plucked anew every 0.4 seconds and fading."""
BEAT_SECONDS = 0.4
OVERTONES = 5


def noises(samples: int, rate_hz: int) -> np.ndarray:
    """(28, samples) float32: three colours at five levels, faint noise at four, silence, and four chords held and plucked."""
    generator = np.random.default_rng(0)
    clips = [
        _coloured(generator, samples, slope) * 10 ** (decibel / 20) for slope in SLOPES.values() for decibel in LOUDEST_DECIBEL
    ]
    clips += [_coloured(generator, samples, 0.0) * 10 ** (decibel / 20) for decibel in FAINTEST_DECIBEL]
    clips += [_chord(samples, rate_hz, chord, decay) for chord in CHORDS_HZ for decay in DECAY_A_SECOND]
    return np.stack([*clips, np.zeros(samples)]).astype(np.float32)


def _coloured(generator: np.random.Generator, samples: int, slope: float) -> np.ndarray:
    """(samples,) with a peak of 1."""
    spectrum = np.fft.rfft(generator.normal(size=samples))
    spectrum /= np.maximum(np.arange(len(spectrum)), 1) ** slope
    noise = np.fft.irfft(spectrum, samples)
    return np.asarray(noise / np.abs(noise).max())


def _chord(samples: int, rate_hz: int, tones_hz: tuple[float, ...], decay_a_second: float) -> np.ndarray:
    """(samples,) with a peak of 0.3: three tones with their overtones."""
    time = np.arange(samples) / rate_hz
    waves = [np.sin(2 * np.pi * hz * part * time) / part**1.5 for hz in tones_hz for part in range(1, OVERTONES + 1)]
    sound = np.exp(-decay_a_second * (time % BEAT_SECONDS)) * np.sum(waves, axis=0)
    return np.asarray(0.3 * sound / np.abs(sound).max())
