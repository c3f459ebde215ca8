"""Clips over backgrounds: levels and times by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from injerto.learning.overlays import Overlay, Part, drawn

RATE_HZ = 1000


def over(start_s: float, decibel: float, passed: float = 0.0, quieter: float = 0.0) -> Overlay:
    return Overlay((Part(0, start_s, decibel),), 0, passed, quieter)


def constant(samples: int, value: float) -> np.ndarray:
    return np.full(samples, value, dtype=np.float32)


def test_a_clip_stands_above_its_background_by_the_decibels_that_were_drawn() -> None:
    block = over(1.0, 20.0).laid({0: constant(1000, 0.2)}, constant(3000, 0.01), 3000, RATE_HZ)
    assert block[:1000] == pytest.approx(0.01)
    assert block[1000:2000] == pytest.approx(0.01 + 0.1)  # 20 dB: ten times the background
    assert block[2000:] == pytest.approx(0.01)


def test_the_level_is_taken_where_the_clip_sounds() -> None:
    clips = {0: np.concatenate([constant(500, 0), constant(500, 0.2)])}
    block = over(1.0, 0.0).laid(clips, constant(3000, 0.01), 3000, RATE_HZ)
    assert block[1000:1500] == pytest.approx(0.01)
    assert block[1500:2000] == pytest.approx(0.02)
    assert over(1.0, 0.0).events_s(clips, 3.0, RATE_HZ) == [(1.5, 2.0, 0)]


def test_what_lies_outside_of_the_block_is_cut_off() -> None:
    clips = {0: constant(1000, 0.2), 1: constant(1000, 0.4)}
    both = Overlay((Part(0, -0.4, 0.0), Part(1, 2.5, 0.0)), 0, 0.0, 0.0)
    block = both.laid(clips, constant(3000, 0.01), 3000, RATE_HZ)
    assert block[:600] == pytest.approx(0.02)
    assert block[600:2500] == pytest.approx(0.01)
    assert block[2500:] == pytest.approx(0.02)
    assert both.events_s(clips, 3.0, RATE_HZ) == [(0.0, pytest.approx(0.6), 0), (2.5, 3.0, 1)]
    assert over(-2.0, 0.0).events_s(clips, 3.0, RATE_HZ) == []


def test_backgrounds_go_round_and_nothing_is_clipped() -> None:
    background = np.linspace(-0.5, 0.5, 1000, dtype=np.float32)
    block = over(0.0, 0.0, passed=0.25).laid({0: constant(100, 0)}, background, 2500, RATE_HZ)
    assert block[:750] == pytest.approx(background[250:])
    assert block[750:1000] == pytest.approx(background[:250])
    loud = over(0.0, 20.0, quieter=10.0).laid({0: constant(100, 1)}, background, 2500, RATE_HZ)
    assert np.abs(loud).max() == pytest.approx(1.0)


def test_a_fold_has_neighbours_and_backgrounds_of_its_own() -> None:
    clips, folds = np.arange(10), np.arange(10) % 5
    overlays = drawn(clips, folds, 20, 30, clip_seconds=5.0, seconds=10.0, generator=np.random.default_rng(0))
    assert len(overlays) == 300
    for one in overlays:
        assert {one.background % 5, *(folds[part.clip] for part in one.parts)} == {folds[one.parts[0].clip]}
        assert 0 <= one.parts[0].start_s <= 5
        ends = sorted((part.start_s, part.start_s + 5.0) for part in one.parts)
        assert all(later[0] - sooner[1] >= 1 for sooner, later in pairwise(ends))
    assert {len(one.parts) for one in overlays} == {1, 2, 3}
    few = drawn(clips, folds, 2, 3, clip_seconds=5.0, seconds=10.0, generator=np.random.default_rng(0))
    assert {one.background for one in few} == {0, 1}


def test_over_silence_a_clip_keeps_its_own_loudness() -> None:
    block = over(1.0, 6.0).laid({0: constant(1000, 0.2)}, constant(3000, 0), 3000, RATE_HZ)
    assert not block[:1000].any()
    assert block[1000:2000] == pytest.approx(0.2 * 10 ** (6 / 20))
    assert not block[2000:].any()
