"""Boxes that follow from points, on numbers worked by hand; a second look where the first one was rough."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from injerto.recipes.pointer import pointer_table
from injerto.recipes.second_look import LOOSE_SCALE, LOOSE_SHIFT, Look, look_of, loosened, worth
from injerto.table.table import Table

NAN = np.nan
POINTS = np.array([[[29.5, 9.5], [9.5, 9.5]], [[9.5, 9.5], [9.5, 29.5]]])
"""One looks to the right, one upwards; 20 pixels apart."""
BOXES = np.array([[5.0, 0, 40, 30], [0.0, -5, 30, 40]])
"""Their middles lie a quarter of the length ahead of the points', and a quarter to the animal's right."""


def test_how_boxes_lie_to_their_points():
    assert look_of(BOXES, POINTS) == Look(side=2.0, ahead=0.25, beside=0.25)


def test_rows_without_a_box_or_points_say_nothing():
    box, points = np.concatenate([BOXES, [[NAN] * 4] * 2]), np.concatenate([POINTS, POINTS])
    points[1] = NAN
    assert look_of(box, points) == Look(side=2.0, ahead=0.25, beside=0.25)
    assert look_of(box[2:], points[2:]) is None


def test_boxes_follow_from_points():
    boxes = Look(side=2.0, ahead=0.25, beside=0.25).boxes(np.concatenate([POINTS, np.full((1, 2, 2), NAN)]))
    assert boxes[:2].tolist() == [[5.0, -5, 40, 40], [-5.0, -5, 40, 40]]
    assert np.isnan(boxes[2]).all()


def test_boxes_of_points_that_are_nonsense_are_not_trusted():
    first = np.array([[0.0, 0, 100, 50]] * 4)
    second = np.array([[0.0, 0, 60, 60], [0, 0, 10, 10], [0, 0, 200, 200], [NAN] * 4])
    assert worth(second, first).tolist() == [True, False, False, False]


def test_loose_boxes_stay_near():
    box = np.tile([[100.0, 50, 40, 20]], (500, 1))
    loose = loosened(box)
    scale = loose[:, 2] / 40
    assert scale.min() >= LOOSE_SCALE[0]
    assert scale.max() <= LOOSE_SCALE[1]
    assert loose[:, 3] / 20 == pytest.approx(scale)
    off = (loose[:, :2] + loose[:, 2:] / 2 - [120, 60]) / loose[:, 2:3]
    assert np.abs(off).max() == pytest.approx(LOOSE_SHIFT, abs=0.01)
    assert (loosened(box) == loose).all()


def test_rows_to_train_with_come_twice():
    photos = Table.of(pl.DataFrame({"photo": ["a.jpg", "b.jpg", "c.jpg"]})).column("photo")
    box = np.array([[0.0, 0, 10, 10], [1, 1, 10, 10], [2, 2, 10, 10]])
    points = np.arange(12.0).reshape(3, 2, 2)
    table = pointer_table(photos, box, points, ("nose", "tail"), pl.Series("split", ["train", "test", "train"]))
    assert table.frame["photo"].to_list() == ["a.jpg", "b.jpg", "c.jpg", "a.jpg", "c.jpg"]
    assert table.frame["split"].to_list() == ["train", "test", "train", "train", "train"]
    assert table.frame["nose_x"].to_list() == [0, 4, 8, 0, 8]
    assert table.frame["box_x"].to_list()[:3] == [0, 1, 2]
    assert table.frame["box_x"].to_list()[3:] == pytest.approx(loosened(box[[0, 2]])[:, 0])
