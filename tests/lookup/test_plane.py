"""The map of a lookup: principal components, on points whose directions are known."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.lookup.plane import plane_of


def test_points_on_a_line_lie_on_the_first_axis() -> None:
    rows = np.array([[9, 0], [0, 0], [1, 2], [2, 4], [3, 6]], dtype=np.float32)
    plane = plane_of(rows, first=2)
    assert plane.shares == pytest.approx((1, 0))
    step = 5**0.5
    assert plane.points[2:].ravel().tolist() == pytest.approx([-step, 0, 0, 0, step, 0])
    # UNKNOWN is drawn among them, without a say in the directions: (9, 0) - (2, 4) = (7, -4), on (1, 2) and (2, -1) by 5**0.5.
    assert plane.points[0].tolist() == pytest.approx([-1 / step, 18 / step])


def test_shares_are_those_of_the_spread_by_hand() -> None:
    rows = np.array(
        [[0, 0, 0], [0, 0, 0], [3, 0, 0], [-3, 0, 0], [0, 2, 0], [0, -2, 0], [0, 0, 1], [0, 0, -1]], dtype=np.float32
    )
    plane = plane_of(rows, first=2)
    assert plane.shares == pytest.approx((9 / 14, 4 / 14))
    assert plane.points[2].tolist() == pytest.approx([3, 0])
    assert plane.points[4].tolist() == pytest.approx([0, 2])


@pytest.mark.parametrize("rows", [np.ones((2, 3)), np.ones((3, 3)), np.ones((6, 3))], ids=["no level", "one", "all equal"])
def test_levels_without_spread_lie_at_one_point(rows: np.ndarray) -> None:
    plane = plane_of(rows, first=2)
    assert plane.shares == (0, 0)
    assert (plane.points[2:] == 0).all()


def test_one_value_a_level_needs_one_axis() -> None:
    plane = plane_of(np.array([[0.0], [0], [1], [3]]), first=2)
    assert plane.shares == (1, 0)
    assert plane.points.tolist() == [[-2, 0], [-2, 0], [-1, 0], [1, 0]]


def test_mirrored_rows_give_the_same_directions() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 8))
    assert np.allclose(plane_of(-rows, 2).points, -plane_of(rows, 2).points)
