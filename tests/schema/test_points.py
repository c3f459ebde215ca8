"""Columns that hold points, and their one convention."""

from __future__ import annotations

import numpy as np

from injerto.schema.points import Half, Point, pixels_of, points_in, unit_of


def test_pairs_are_found_in_table_order() -> None:
    found = points_in(["photo", "tail_y", "nose_x", "nose_visible", "tail_x", "nose_y", "weight"])
    assert found.points == (Point("tail", "tail_x", "tail_y"), Point("nose", "nose_x", "nose_y", "nose_visible"))
    assert found.names == ("tail", "nose")
    assert found.columns == ("tail_x", "tail_y", "nose_x", "nose_y", "nose_visible")
    assert (len(found), found.halves, found.repeated) == (2, (), ())


def test_capitals_are_a_pair_of_their_own() -> None:
    found = points_in(["Nose_X", "Nose_Y", "Nose_Visible", "ear_X", "ear_Y", "ear_visible"])
    assert found.points == (
        Point("Nose", "Nose_X", "Nose_Y", "Nose_Visible"),
        Point("ear", "ear_X", "ear_Y", "ear_visible"),
    )


def test_halves_are_named() -> None:
    """One of a pair, also beside the other in another case; and names that are no coordinates at all."""
    found = points_in(["nose_x", "ear_y", "eye_x", "eye_Y", "x", "_x", "_y", "index", "mouth_xy", "tail_visible"])
    assert found.points == ()
    assert found.halves == (
        Half("nose_x", "nose_y"),
        Half("ear_y", "ear_x"),
        Half("eye_x", "eye_y"),
        Half("eye_Y", "eye_X"),
    )


def test_two_pairs_by_one_name() -> None:
    found = points_in(["nose_x", "nose_X", "nose_y", "nose_Y"])
    assert found.points == (Point("nose", "nose_x", "nose_y"),)
    assert found.repeated == ("nose_X", "nose_Y")


def test_nothing_to_find() -> None:
    assert points_in([]).points == ()


def test_units() -> None:
    """A photo of width 4 and height 2, side by side in one call: its corners, its first centre and its middle."""
    sides = np.array([4.0, 2.0])
    pixels = np.array([[-0.5, -0.5], [0.0, 0.0], [1.5, 0.5], [3.5, 1.5], [np.nan, 0.0]])
    unit = np.array([[0.0, 0.0], [0.125, 0.25], [0.5, 0.5], [1.0, 1.0], [np.nan, 0.25]])
    np.testing.assert_allclose(unit_of(pixels, sides), unit)
    np.testing.assert_allclose(pixels_of(unit, sides), pixels)
    np.testing.assert_allclose(1 - unit_of(pixels, sides)[:, 0], unit_of(4 - 1 - pixels[:, 0], 4))
