"""Which columns of a table are points."""

from __future__ import annotations

from injerto.table.keypoints.columns import Half, Point, box_in, network_columns, points_in


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


BOX = ["box_x", "box_y", "box_width", "box_height"]


def test_a_box_is_no_point() -> None:
    found = points_in(["photo", *BOX, "nose_x", "nose_y"])
    assert (found.names, found.halves, box_in(BOX)) == (("nose",), (), BOX)
    assert points_in(["box_x", "box_y"]).names == ("box",)
    assert box_in(BOX[:3]) == []


def test_what_networks_say_of_points() -> None:
    columns = ["nose_confidence", "nose_radius", "nose_in_picture", "nose_x", "tail_confidence"]
    assert network_columns(["nose"], columns) == columns[:3]
