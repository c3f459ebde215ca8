"""Points that cannot be learned from, or would be learned wrongly, are found and said in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from injerto.schema.check_point_columns import check_point_columns
from injerto.schema.check_points import check_points
from injerto.schema.mirror import mirror_pairs
from injerto.schema.point_labels import point_labels
from injerto.schema.problems import Problem
from injerto.table.keypoints.columns import points_in
from injerto.table.table import Table

NAN = np.nan
NAMES = ["nose", "left_eye", "right_eye"]


def of_columns(settled: tuple[str, ...] = (), **columns: Any) -> list[tuple[str, str, str]]:
    table = Table.of(pl.DataFrame(columns, strict=False))
    problems = check_point_columns(table, points_in(table.columns), settled=settled)
    return [(problem.severity, problem.column, problem.message) for problem in problems]


def faces(count: int = 60, width: int = 200, height: int = 100) -> np.ndarray:
    """Places (count,3,2) in pixels: a nose below two eyes that are a fifth of the width apart, all within the photo."""
    middle = np.random.default_rng(0).uniform([0.15, 0.2], [0.85, 0.9], size=(count, 2))
    unit = middle[:, None] + np.array([[0.0, 0.08], [-0.1, 0.0], [0.1, 0.01]])
    return np.round(unit * [width, height], 1)


def of_places(xy: np.ndarray, size: tuple[float, float] | None = (200, 100), names: list[str] = NAMES) -> list[Problem]:
    columns = {f"{name}_{axis}": xy[:, place, at] for place, name in enumerate(names) for at, axis in enumerate("xy")}
    frame, points = pl.DataFrame(columns), points_in(list(columns))
    return list(
        check_points(
            point_labels(frame, points),
            points,
            rows=np.arange(100, 100 + len(xy)),
            sizes=None if size is None else np.tile(np.array(size, dtype=float), (len(xy), 1)),
            pairs=mirror_pairs(names),
        )
    )


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.severity, problem.message) for problem in problems]


def test_good_points_have_no_problems() -> None:
    assert of_places(faces()) == []
    assert of_places(faces(), None) == []
    assert of_places(faces(), (NAN, NAN)) == []
    assert of_columns(nose_x=[1.0, None], nose_y=["2", ""], nose_visible=["yes", "no"], weight=["a", "b"]) == []


# Columns.


def test_one_of_a_pair() -> None:
    columns: dict[str, Any] = {"nose_x": [1], "nsoe_y": [1], "ear_x": [1], "ear_y": [1]}
    assert of_columns(**columns)[0] == (
        "error",
        "nose_x",
        "Column 'nose_x' holds one coordinate of a point, but there is no 'nose_y'. Did you mean 'nsoe_y'? Add it, or leave "
        "the column out with --drop nose_x.",
    )
    assert [column for _, column, _ in of_columns(**columns)] == ["nose_x", "nsoe_y"]
    assert of_columns(("nose_x", "nsoe_y"), **columns) == []


def test_two_points_by_one_name() -> None:
    found = of_columns(nose_x=[1], nose_y=[1], nose_X=[1], nose_Y=[1])
    assert [(severity, column) for severity, column, _ in found] == [("error", "nose_X"), ("error", "nose_Y")]
    assert "belongs to a second point by the name of 'nose'" in found[0][2]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            ["1.5", "left", "?"],
            "2 cells cannot be read as a finite number, such as 'left' in row 1. Correct these cells, or empty",
        ),
        ([1.0, np.inf, 2.0], "1 cell cannot be read as a finite number, such as 'inf' in row 1."),
        ([f"{one},5" for one in range(30)], "numbers with decimal commas such as 0,5 read as text; write decimal points."),
        ([True, False, None], "holds cells of type Boolean, but is a coordinate of the point 'nose'. Give pixels as numbers."),
    ],
)
def test_text_for_a_coordinate(cells: list[Any], words: str) -> None:
    ((severity, column, message),) = [
        found for found in of_columns(nose_x=cells, nose_y=[1.0] * len(cells)) if found[0] == "error"
    ]
    assert (severity, column) == ("error", "nose_x")
    assert words in message


def test_half_filled_places() -> None:
    assert of_columns(nose_x=[1.0, None, 3.0, None], nose_y=[1.0, 2.0, None, None]) == [
        (
            "warning",
            "nose_x",
            "Points: 2 places are half filled, such as 'nose_y' without 'nose_x' in row 1. They are taken as unknown.",
        )
    ]


def test_visible_without_a_place() -> None:
    assert of_columns(nose_x=[1, None, None], nose_y=[1, None, None], nose_visible=[1, 1, 0]) == [
        (
            "warning",
            "nose_x",
            "Points: 1 point is said to be visible, but without a place, such as 'nose' in row 1. They are taken as unknown.",
        )
    ]


def test_visibility_that_says_neither() -> None:
    ((severity, column, message),) = of_columns(nose_x=[1, 2], nose_y=[1, 2], nose_visible=["yes", "partly"])
    assert (severity, column) == ("error", "nose_visible")
    assert (
        "1 cell cannot be read as that, such as 'partly' in row 1. Write yes or no, true or false, 1 or 0, or COCO's" in message
    )


def test_grades_are_noted() -> None:
    ((severity, _, message),) = of_columns(nose_x=[1, 2], nose_y=[1, 2], nose_visible=[2, 1])
    assert severity == "note"
    assert "read as COCO writes it: 0 not labelled, 1 hidden but placed, 2 visible" in message


# Places.


def test_shares_of_the_side() -> None:
    ((severity, message),) = said(of_places(faces() / [200, 100]))
    assert severity == "error"
    assert message.startswith("Points: all coordinates lie between 0 and 1, such as (")
    assert message.endswith("They seem to be shares of the photo: multiply x by its width and y by its height.")
    assert said(of_places(faces() / [200, 100], None)) == [(severity, message)]
    assert of_places(faces(width=1, height=1), (2, 2)) == []


def test_x_for_y() -> None:
    ((severity, message),) = said(of_places(faces()[:, :, ::-1]))
    assert severity == "error"
    assert "of 180 known points lie outside their photos, such as 'nose' in row 1" in message
    assert message.endswith("With x and y swapped, only 0 would. Swap the columns of x and y.")


def test_x_for_y_on_square_photos() -> None:
    """Nothing is outside, but eyes lie one above the other."""
    ((severity, message),) = said(of_places(faces(width=100)[:, :, ::-1], (100, 100)))
    assert severity == "warning"
    assert message.startswith(
        "Points: left and right partners such as 'left_eye' and 'right_eye' lie one above the other in 100%"
    )
    assert "Are x and y swapped? Or are the photos stored on their side?" in message
    assert of_places(faces(width=100), (100, 100)) == []
    assert of_places(faces(width=100)[:, :, ::-1], (100, 100), ["a", "b", "c"]) == []


def test_photos_of_another_size() -> None:
    xy = faces()
    xy[0, 0] = [199, 99]
    ((severity, message),) = said(of_places(3 * xy))
    assert severity == "error"
    assert "They reach to 3 times the width and the height: were they marked on photos about 3 times as large?" in message
    ((severity, message),) = said(of_places(xy / 4))
    assert severity == "warning"
    assert message == (
        "Points: all of them lie in the upper left 25% of the width and 25% of the height. Were they marked on smaller photos "
        "than these?"
    )


def test_points_of_other_photos() -> None:
    ((severity, message),) = said(of_places(faces() * [3, 1]))
    assert severity == "error"
    assert "They reach to 2.8 times the width and 0.98 times the height. Coordinates are pixels of the photo" in message


def test_strays_are_listed() -> None:
    xy = faces()
    xy[3, 0] = [230, 50]
    xy[7, 1] = [-4, 20]
    ((severity, message),) = said(of_places(xy))
    assert severity == "warning"
    assert message == (
        "Points: 2 of 180 known points lie outside their photos, such as 'nose' in row 103 at (230, 50) of 200x100 "
        "(rows 103, 107). Up to 12.5% of the side outside, a place is kept; farther out, the point is taken as not in the "
        "picture."
    )


def test_the_edge_is_inside() -> None:
    """Tools that count from corners call the right edge 200; a corner of a pixel is at -0.5."""
    xy = faces()
    xy[0, 0], xy[1, 0] = [200, 100], [-0.5, -0.5]
    assert of_places(xy) == []


def test_strays_that_x_for_y_would_explain() -> None:
    xy = np.clip(faces(), 1, 90)
    xy[:4, 0] = [40, 150]
    ((severity, message),) = [found for found in said(of_places(xy)) if "outside" in found[1]]
    assert severity == "warning"
    assert message.endswith("taken as not in the picture. With x and y swapped, only 0 would.")


def test_points_that_are_never_known_and_rows_that_teach_nothing() -> None:
    xy = faces()
    xy[:, 2] = NAN
    xy[5:, 1] = NAN
    xy[4] = NAN
    assert said(of_places(xy, names=["nose", "ear", "tail"])) == [
        ("error", "Point 'tail' has no place in any row. Fill some in, or leave it out with --drop tail_x --drop tail_y."),
        (
            "warning",
            "Points: 1 point is known in fewer than 50 rows: 'ear' (4). Their scores will be very uncertain.",
        ),
        ("note", "Points: 1 row of 60 without any known point, the first row 104: nothing is learned from them."),
    ]


def test_few_rows() -> None:
    ((severity, message),) = said(of_places(faces(12)))
    assert severity == "warning"
    assert message.startswith(
        "Points: every point is known in fewer than 50 rows: 'nose' (12), 'left_eye' (12), 'right_eye' (12)."
    )


def test_places_copied_down_the_table() -> None:
    xy = faces()
    xy[10:55] = xy[10]
    assert said(of_places(xy)) == [
        (
            "warning",
            "Points: 75% of the rows have exactly the same places, such as row 110. Were they copied down the table? Places "
            "that never change teach nothing.",
        )
    ]


def test_a_point_that_never_moves() -> None:
    xy = faces()
    xy[:, 0] = [50, 60]
    (problem,) = of_places(xy)
    assert (problem.severity, problem.column) == ("warning", "nose_x")
    assert problem.message.startswith("Point 'nose' is at exactly (50, 60) in every row: there is nothing to learn.")
    xy[:15, 0] = faces()[:15, 0]
    assert "(50, 60) in 75% of its rows" in of_places(xy)[0].message


@pytest.mark.parametrize("filler", [0, -1])
def test_fillers_for_unknown_places(filler: float) -> None:
    xy = faces()
    xy[[4, 8, 9], 1] = filler
    (problem,) = of_places(xy)
    assert (problem.severity, problem.column) == ("warning", "left_eye_x")
    assert problem.message == (
        f"Point 'left_eye' is at ({filler}, {filler}) in 3 rows, such as row 104. If that means unknown, empty these cells."
    )


def test_patterns_of_missing_points() -> None:
    xy = faces()
    xy[:30, 1:] = NAN
    messages = [problem.message for problem in of_places(xy)]
    assert any("come in 2 patterns" in message for message in messages), messages


def test_an_empty_table() -> None:
    assert [problem.severity for problem in of_places(faces()[:0])] == ["error"] * 3
