"""The product's own table of points: what its cells may hold."""

import numpy as np
import polars as pl
import pytest

from injerto.errors import TableError
from injerto.table.keypoints.layout import left_out
from injerto.table.keypoints.points import Points


def test_what_a_format_has_no_place_for_is_named() -> None:
    assert left_out(["photo", "site", "sex"], {"photo"}, "COCO") == ["Not written, as COCO has no place for it: site, sex."]
    assert left_out(["photo"], {"photo"}, "COCO") == []


def test_a_frame_to_arrays_and_back() -> None:
    frame = pl.DataFrame(
        {
            "a_x": [1.0, None],
            "a_y": [2.0, None],
            "a_visible": [True, False],
            "a_confidence": [0.5, None],
            "b_x": [3.0, 5.0],
            "b_y": [4.0, 6.0],
            "b_visible": [None, True],
            "b_confidence": [None, 1.0],
        }
    )
    points = Points.of(frame)
    assert points.names == ("a", "b")
    assert points.known.tolist() == [[True, True], [False, True]]
    assert points.xy_pixels[0].tolist() == [[1, 2], [3, 4]]
    assert points.read == frame.columns
    assert pl.DataFrame(points.series()).equals(frame)


def test_whole_numbers_and_columns_without_any_cell() -> None:
    frame = pl.DataFrame({"a_x": [1, 2], "a_y": [3, 4], "b_x": [None, None], "b_y": pl.Series([None, None], dtype=pl.String)})
    points = Points.of(frame)
    assert points.visible is None
    assert points.confidence is None
    assert np.isnan(points.xy_pixels[:, 1]).all()
    assert Points.of(frame, ["a"]).names == ("a",)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"x": [1]}, r"has no point \(a pair of columns such as nose_x, nose_y\)\. Its columns: x"),
        ({"a_x": ["left"], "a_y": [1]}, r"Column 'a_x' must hold numbers; it holds 'left'"),
        ({"a_x": [1, None], "a_y": [1, 2]}, r"only x or only y is known: a in row 1 \(rows from 0\)"),
        ({"a_x": [None] * 7, "a_y": [2] * 7}, r"a in row 4 and 2 more"),
        ({"a_x": [1], "a_y": [1], "a_visible": [2]}, r"must say true or false, or 1 or 0"),
    ],
)
def test_bad_tables_are_refused(cells: dict[str, list[object]], said: str) -> None:
    with pytest.raises(TableError, match=said):
        Points.of(pl.DataFrame(cells))


def test_a_wrong_name_gets_the_nearest() -> None:
    with pytest.raises(TableError, match=r"no point 'nsoe' \(nsoe_x and nsoe_y\)\. Did you mean 'nose'\?"):
        Points.of(pl.DataFrame({"nose_x": [1], "nose_y": [2]}), ["nsoe"])


def test_capitals_are_read_too() -> None:
    points = Points.of(pl.DataFrame({"Nose_X": [1.0], "Nose_Y": [2.0], "Nose_Visible": [True]}))
    assert (points.names, points.read) == (("Nose",), ["Nose_X", "Nose_Y", "Nose_Visible"])
    assert points.visible is not None
