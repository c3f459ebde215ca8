"""Which columns are marks, and which marks can be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from injerto.errors import ColumnError, SchemaError
from injerto.recipes.marks import boxes_around, mark_columns, overlap, read_marks
from injerto.table.table import Table

BOX = ["box_x", "box_y", "box_width", "box_height"]
CORNERS = ["bbox1_x", "bbox1_y", "bbox2_x", "bbox2_y"]
POINTS = ["bonnet_x", "bonnet_y", "blowhead_x", "blowhead_y"]


def test_columns_are_found():
    found = mark_columns(["photo", *BOX, *POINTS])
    assert (found.box, found.corners, found.points) == (tuple(BOX), False, ("bonnet", "blowhead"))
    found = mark_columns(["photo", *CORNERS, *POINTS])
    assert (found.box, found.corners, found.points) == (tuple(CORNERS), True, ("bonnet", "blowhead"))


def test_columns_that_are_named():
    found = mark_columns(["l", "t", "w", "h", *POINTS, "eye_x", "eye_y"], box=["l", "t", "w", "h"], points=["blowhead", "eye"])
    assert (found.corners, found.points) == (False, ("blowhead", "eye"))
    assert mark_columns(["a", "b", "c", "d", *POINTS], box=["a", "b", "c", "d"]).corners


@pytest.mark.parametrize(
    ("columns", "options", "error", "said"),
    [
        (["photo", *BOX], {}, SchemaError, "has 0 pairs of columns NAME_x and NAME_y. Name the two"),
        ([*POINTS, "eye_x", "eye_y"], {}, SchemaError, "has 3 pairs of columns NAME_x and NAME_y: bonnet, blowhead, eye"),
        (POINTS, {"points": ["bonet", "blowhead"]}, ColumnError, "no columns bonet_x and bonet_y. Did you mean 'bonnet'"),
        (POINTS, {"points": ["bonnet"]}, SchemaError, "needs two points"),
        (POINTS, {"box": ["a", "b", "c", "d"]}, ColumnError, "no column 'a' of a box"),
        (["a", *POINTS], {"box": ["a"]}, SchemaError, "A box has four columns"),
    ],
)
def test_columns_that_do_not_serve(columns, options, error, said):
    with pytest.raises(error, match=said):
        mark_columns(columns, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Image.new("RGB", (100, 80)).save(tmp_path / "a.png")
    return tmp_path


def marked(folder: Path, box: list, points: list) -> Table:
    values = dict(zip([*BOX, *POINTS], [*box, *points], strict=True))
    return Table.of(pl.DataFrame([{"photo": "a.png"} | values], infer_schema_length=None), folder=folder)


GOOD_BOX, GOOD_POINTS = [10, 20, 30, 40], [12.0, 25.0, 30.0, 50.0]


def test_good_marks(folder: Path):
    marks = read_marks(marked(folder, GOOD_BOX, GOOD_POINTS), "photo", mark_columns([*BOX, *POINTS]))
    assert marks.box.tolist() == [[10, 20, 30, 40]]
    assert marks.points.tolist() == [[[12, 25], [30, 50]]]
    assert not len(marks.ledger)


@pytest.mark.parametrize(
    ("box", "points", "said"),
    [
        ([10, 20, 0, 40], GOOD_POINTS, "box: it has no area: 0 pixels wide and 40 high"),
        ([10, None, 30, 40], GOOD_POINTS, "box: not all of its four numbers are known"),
        ([200, 20, 30, 40], GOOD_POINTS, "box: it lies beside the photo of 100 x 80 pixels"),
        (GOOD_BOX, [12, 25, 12, 25], "points: bonnet and blowhead lie at the same place, 12, 25"),
        (GOOD_BOX, [12, 25, 900, 25], "points: they lie far beside the photo"),
    ],
)
def test_marks_that_cannot_be_used_are_listed_and_the_row_is_kept(folder: Path, box, points, said):
    marks = read_marks(marked(folder, box, points), "photo", mark_columns([*BOX, *POINTS]))
    (entry,) = marks.ledger
    assert entry.row == 0
    assert said in entry.reason
    assert marks.boxed[0] != marks.pointed[0]


def test_one_point_alone_is_no_mistake(folder: Path):
    marks = read_marks(marked(folder, GOOD_BOX, [12.0, 25.0, None, None]), "photo", mark_columns([*BOX, *POINTS]))
    assert not len(marks.ledger)
    assert not marks.pointed[0]


def test_two_corners_in_any_order(folder: Path):
    table = Table.of(
        {"photo": ["a.png"], **{name: [value] for name, value in zip(CORNERS, [40, 20, 10, 60], strict=True)}}, folder=folder
    )
    marks = read_marks(table, "photo", mark_columns([*CORNERS, *POINTS]))
    assert marks.box.tolist() == [[10, 20, 30, 40]]


def test_boxes_around_points():
    # Ten pixels apart: six of room on every side.
    assert boxes_around(np.array([[[20.0, 30.0], [30.0, 30.0]]])).tolist() == [[14.5, 24.5, 22, 12]]


def test_overlap():
    one = np.array([[0.0, 0, 10, 10]] * 4)
    other = np.array([[0.0, 0, 10, 10], [5, 0, 10, 10], [20, 0, 10, 10], [np.nan] * 4])
    assert overlap(one, other)[:3] == pytest.approx([1, 1 / 3, 0])
    assert np.isnan(overlap(one, other)[3])
