"""How far photos are moved: as the rows differ, or as the user says."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from injerto.learning.suited_moves import suited_strength


def turned(degrees: float, count: int = 40) -> torch.Tensor:
    """Two points a row, at angles spread evenly over `degrees` either way."""
    angles = np.deg2rad(np.linspace(-degrees, degrees, count))
    toward = np.stack([np.cos(angles), np.sin(angles)], axis=1) * 0.2
    places = np.stack([0.5 + toward, 0.5 - toward], axis=1)
    return torch.from_numpy(np.concatenate([places, np.ones((count, 2, 1))], axis=2))


def test_photos_turn_as_far_as_the_rows_do():
    # Evenly over 30 degrees either way is a standard deviation of 17.8 with 40 rows; 1.3 times that is 23.
    assert suited_strength(turned(30)).turn_degrees == pytest.approx(23.1, abs=0.3)


def test_rows_that_do_not_turn_are_turned_a_little():
    assert suited_strength(turned(0)).turn_degrees == 8


@pytest.mark.parametrize("asked", [0.0, 180.0])
def test_what_the_user_says_goes_before(asked: float):
    rows = turned(30)
    assert suited_strength(rows, asked).turn_degrees == asked
    assert suited_strength(rows, asked).scale == suited_strength(rows).scale
