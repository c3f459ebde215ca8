"""Columns of points as labels: placed, not in the picture, or unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from injerto.schema.point_labels import PointLabels, coordinates, is_graded, listed, point_labels, visibility
from injerto.table.keypoints.columns import points_in

NAN = np.nan


def labels(graded: bool | None = None, **columns: list[Any]) -> PointLabels:
    frame = pl.DataFrame(columns, strict=False)
    return point_labels(frame, points_in(frame.columns), graded=graded)


def test_places_and_holes() -> None:
    """Row 0 placed, 1 empty, 2 half, 3 NaN; row 4 infinite."""
    found = labels(nose_x=[1.5, None, 2.0, NAN, np.inf], nose_y=[0.0, None, None, 4.0, 1.0])
    np.testing.assert_array_equal(found.x_pixels[:, 0], [1.5, NAN, NAN, NAN, NAN])
    np.testing.assert_array_equal(found.y_pixels[:, 0], [0.0, NAN, NAN, NAN, NAN])
    np.testing.assert_array_equal(found.state[:, 0], [1, NAN, NAN, NAN, NAN])
    assert found.placed[:, 0].tolist() == found.known[:, 0].tolist() == [True, False, False, False, False]
    assert found.state.dtype == found.x_pixels.dtype == np.float64


def test_what_visibility_adds() -> None:
    """Seen; hidden but placed; not there; (0,0) as a filler of not there; said to be seen without a place; nothing said."""
    found = labels(
        nose_x=[5, 6, None, 0, None, 7], nose_y=[5, 6, None, 0, None, 7], nose_visible=[True, False, False, False, True, None]
    )
    np.testing.assert_array_equal(found.state[:, 0], [1, 1, 0, 0, NAN, 1])
    np.testing.assert_array_equal(found.x_pixels[:, 0], [5, 6, NAN, NAN, NAN, 7])
    assert found.known[:, 0].tolist() == [True, True, True, True, False, True]
    assert not found.graded


def test_grades_of_coco() -> None:
    """0 is not labelled even with a place, 1 hidden but placed; the ear's column has no 2, the nose's tells its scale."""
    columns = {
        "nose_x": [0, 3, 4, 5],
        "nose_y": [0, 3, 4, 5],
        "nose_visible": [0, 0, 1, 2],
        "ear_x": [0, 3, 4, 5],
        "ear_y": [0, 3, 4, 5],
        "ear_visible": [0, 0, 1, 1],
    }
    found = labels(**columns)
    assert found.graded
    np.testing.assert_array_equal(found.state, [[NAN, NAN], [NAN, NAN], [1, 1], [1, 1]])
    np.testing.assert_array_equal(found.x_pixels[:, 0], [NAN, NAN, 4, 5])


def test_a_scale_seen_before_is_kept() -> None:
    columns = {"nose_x": [0, 3, 4], "nose_y": [0, 3, 4], "nose_visible": [0, 0, 1]}
    np.testing.assert_array_equal(labels(**columns).state[:, 0], [0, 1, 1])
    np.testing.assert_array_equal(labels(graded=True, **columns).state[:, 0], [NAN, NAN, 1])


def test_points_stand_in_table_order_and_none_is_fine() -> None:
    found = labels(b_x=[1], a_x=[2], a_y=[3], b_y=[4])
    assert (found.x_pixels.tolist(), found.y_pixels.tolist()) == ([[1, 2]], [[4, 3]])
    assert labels(weight=[1.0, 2.0]).state.shape == (2, 0)


SEEN = [
    ([True, False, None], [1, 0, NAN]),
    ([1, 0, 2, None], [1, 0, 2, NAN]),
    ([1.0, 0.0, NAN, 0.5], [1, 0, NAN, -1]),
    (["yes", "No ", "TRUE", "false", "", "1", "2.0"], [1, 0, 1, 0, NAN, 1, 2]),
    (["maybe", None, "3"], [-1, NAN, -1]),
    ([[1], None], [-1, NAN]),
    ([None, None], [NAN, NAN]),
]


@pytest.mark.parametrize(("cells", "expected"), SEEN, ids=[str(case[0]) for case in SEEN])
def test_visibility(cells: list[Any], expected: list[float]) -> None:
    np.testing.assert_array_equal(visibility(pl.Series("nose_visible", cells)), expected)


def test_coordinates_of_any_column() -> None:
    np.testing.assert_array_equal(coordinates(pl.Series([" 1.5", "x", None, ""])), [1.5, NAN, NAN, NAN])
    np.testing.assert_array_equal(coordinates(pl.Series([True, None])), [NAN, NAN])
    np.testing.assert_array_equal(coordinates(pl.Series([1, None])), [1, NAN])


def test_graded() -> None:
    frame = pl.DataFrame({"a_x": [1], "a_y": [1], "a_visible": ["2"]})
    assert is_graded(frame, points_in(frame.columns))
    assert not is_graded(frame, points_in(["a_x", "a_y"]))


def test_listed() -> None:
    assert listed(["a"]) == "'a'"
    assert listed(["a", "b", "c"], most=2) == "'a', 'b' and 1 more"
