"""Random places to leave out: their share, their independence, their seed."""

from __future__ import annotations

import pytest

from injerto.draws import kept, start_draws


@pytest.mark.parametrize("dropped", [0, 13, 26, 128])
def test_each_place_is_left_out_with_its_chance(dropped: int) -> None:
    start_draws(0)
    found = kept((3, 333, 101), dropped)
    assert found.shape == (3, 333, 101) and found.dtype == bool
    assert float((~found).mean()) == pytest.approx(dropped / 256, abs=0.005)
    places = (~found).ravel()[:100_000].reshape(-1, 8).mean(axis=0)
    assert abs(places - dropped / 256).max() < 0.015  # each of the eight places of a draw alike


def test_draws_follow_their_seed_and_differ_within_it() -> None:
    start_draws(0)
    first, second = kept((50, 7), 128), kept((50, 7), 128)
    start_draws(0)
    assert (kept((50, 7), 128) == first).all()
    assert (first != second).any()
