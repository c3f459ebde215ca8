from itertools import pairwise

import pytest

from injerto.learning.schedule import FLOOR, rate_factor


def test_warm_up_rises_in_equal_steps() -> None:
    assert [rate_factor(step, 100) for step in range(5)] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])


def test_half_way_down_the_cosine_is_the_mean_of_top_and_floor() -> None:
    assert rate_factor(5 + 95 // 2, 100) == pytest.approx((1 + FLOOR) / 2, abs=0.01)


def test_it_never_rises_again_and_ends_near_the_floor() -> None:
    factors = [rate_factor(step, 1000) for step in range(50, 1000)]
    assert all(later <= earlier for earlier, later in pairwise(factors))
    assert factors[-1] == pytest.approx(FLOOR, abs=1e-4)


def test_one_step_runs_at_the_full_rate() -> None:
    assert rate_factor(0, 1) == 1.0
