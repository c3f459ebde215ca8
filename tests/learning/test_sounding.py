"""Where clips sound."""

from __future__ import annotations

import numpy as np

from injerto.learning.sounding import sounding

RATE_HZ = 1000


def clip(*parts: tuple[float, float]) -> np.ndarray:
    """Seconds and loudness of each part."""
    return np.concatenate([np.full(round(seconds * RATE_HZ), loudness) for seconds, loudness in parts])


def test_silence_at_the_ends_does_not_sound() -> None:
    assert sounding(clip((1, 0), (2, 0.5), (1, 0.01)), RATE_HZ) == [(1000, 3000)]


def test_a_short_pause_is_part_of_the_sound_and_a_long_one_is_not() -> None:
    assert sounding(clip((1, 1), (0.9, 0), (1, 1)), RATE_HZ) == [(0, 2900)]
    assert sounding(clip((1, 1), (1.5, 0), (1, 1)), RATE_HZ) == [(0, 1000), (2500, 3500)]


def test_a_silent_clip_and_an_empty_one_never_sound() -> None:
    assert sounding(np.zeros(5000), RATE_HZ) == []
    assert sounding(np.zeros(0), RATE_HZ) == []
