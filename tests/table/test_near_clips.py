"""Sounds are known again when moved, softer, or overlapping by half; other noise, and silence, are not."""

import numpy as np

from injerto.table.clip_print import HOP, LONGEST_SECONDS, RATE_HZ, ClipPrint, clip_print
from injerto.table.near_clips import landmarks, near_clip_pairs


def noise(seed: int, seconds: float = 3) -> np.ndarray:
    """Noise that comes and goes, (n,) float32."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    loud = np.interp(
        np.arange(count), np.arange(0, count + 1600, 1600), random.uniform(0.1, 1, count // 1600 + 2)[: -(-count // 1600) + 1]
    )
    return (0.3 * loud * random.normal(size=count)).astype(np.float32)


def pairs(*sounds: np.ndarray) -> list[tuple[int, int]]:
    first, second, like = near_clip_pairs([clip_print(sound) for sound in sounds])
    assert ((like >= 0.5) & (like <= 1.0001)).all()
    return list(zip(first.tolist(), second.tolist(), strict=True))


def test_moved_softer_and_overlapping_sounds_are_found_and_others_are_not() -> None:
    long = noise(0, seconds=5)
    moved = 0.2 * long[round(0.3 * RATE_HZ) :]
    halves = long[: 3 * RATE_HZ], long[round(1.5 * RATE_HZ) : round(4.5 * RATE_HZ)]
    assert pairs(long, noise(1, seconds=5), moved) == [(0, 2)]
    assert pairs(*halves, noise(2)) == [(0, 1)]
    assert pairs(noise(3), noise(4), noise(5)) == []


def test_a_copy_among_other_noise() -> None:
    random = np.random.default_rng(9)
    sound = noise(6)
    spoilt = sound + (0.02 * random.normal(size=len(sound))).astype(np.float32)
    assert pairs(noise(7), sound, noise(8), spoilt) == [(1, 3)]


def test_silence_and_nothing_are_like_nothing() -> None:
    silence = np.zeros(RATE_HZ, dtype=np.float32)
    assert clip_print(silence) is None
    assert pairs(silence, silence) == [] and pairs() == []
    assert near_clip_pairs([None, clip_print(noise(1)), None])[0].tolist() == []


def test_short_sounds_have_a_print_and_long_ones_are_cut() -> None:
    click = clip_print(np.ones(10, dtype=np.float32))
    assert click is not None and len(click.detail) == 1
    long = clip_print(noise(1, seconds=LONGEST_SECONDS + 5))
    assert long is not None and long.frames.max() <= LONGEST_SECONDS * RATE_HZ / HOP


def test_a_tone_peaks_at_its_frequency() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)
    found = clip_print(tone)
    assert found is not None
    assert set(found.bins.tolist()) == {64}  # 1,000 Hz in steps of 16,000 / 1,024 Hz


def test_landmarks_are_worked_out_by_hand() -> None:
    found = ClipPrint(np.array([0, 3, 60]), np.array([5, 7, 9]), np.zeros((1, 1), dtype=np.float16))
    codes, frames = landmarks(found)
    assert codes.tolist() == [2 << 20 | 3 << 8 | 1]  # the third comes too late after both
    assert frames.tolist() == [0]
