"""Boxes as four points and back; the scores of boxes and points."""

from __future__ import annotations

import json

import numpy as np
import pytest

from injerto.recipes.locator import box_of_sides, locator_scores, no_head, sides_of
from injerto.recipes.pointer import exchanged, pointer_scores
from injerto.table.framing import Framing

NAN = np.nan


def framing(orientation: int) -> Framing:
    one = np.array([1.0])
    return Framing(one * 100, one * 60, one * orientation, one * 0, one * 0, one * 100)


def test_the_middles_of_the_sides_of_a_box():
    sides = sides_of(np.array([[10.0, 20, 30, 8]]), framing(1))
    assert sides.tolist() == [[[9.5, 23.5], [24.5, 19.5], [39.5, 23.5], [24.5, 27.5]]]


def test_sides_are_those_of_the_photo_turned_upright():
    # Orientation 6: stored 100 x 60, shown 60 x 100; what is shown at the left is stored at the bottom.
    sides = sides_of(np.array([[10.0, 20, 30, 8]]), framing(6))
    assert sides[0, 0].tolist() == [24.5, 27.5]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_come_back(orientation: int):
    box = np.array([[10.0, 20, 30, 8]])
    assert box_of_sides(sides_of(box, framing(orientation)), framing(orientation)) == pytest.approx(box)


def test_sides_that_changed_places_make_a_box_all_the_same():
    sides = sides_of(np.array([[10.0, 20, 30, 8]]), framing(1))[:, [2, 1, 0, 3]]
    assert box_of_sides(sides, framing(1)) == pytest.approx(np.array([[10.0, 20, 30, 8]]))


def test_scores_of_boxes():
    true = np.array([[0.0, 0, 10, 10], [0, 0, 10, 10], [0, 0, 10, 10], [NAN] * 4])
    found = np.array([[0.0, 0, 10, 10], [0, 0, 10, 6], [NAN] * 4, [0, 0, 1, 1]])
    # A box that was not found overlaps nothing; a row that nobody marked does not count.
    assert locator_scores(found, true) == {"rows": 3, "iou_median": 0.6, "iou_from_0.5": 0.6667, "iou_from_0.75": 0.3333}
    assert locator_scores(found[3:], true[3:]) == {"rows": 0}


def test_scores_of_points():
    true = np.array([[[0.0, 0], [100, 0]]] * 4)
    found = np.array([[[0.0, 0], [96, 0]], [[0, 8], [100, 8]], [[100, 0], [0, 0]], [[NAN, NAN]] * 2])
    # Mean errors: 2 %, 8 %, 100 % (the ends exchanged), not found.
    told = pointer_scores(found, true)
    assert told == {"rows": 4, "error_median": 0.54, "within_0.05": 0.25, "within_0.10": 0.5, "exchanged": 0.25}


def test_there_is_no_middle_error_where_most_points_were_not_found() -> None:
    true = np.tile([[0.0, 0.0], [10.0, 0.0]], (3, 1, 1))
    found = np.full_like(true, np.nan)
    found[0] = true[0]
    told = pointer_scores(found, true)
    assert told == {"rows": 3, "within_0.05": 0.3333, "within_0.10": 0.3333, "exchanged": 0.0}
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_marks_that_look_exchanged():
    marked = np.array([[[0.0, 0], [100, 0]]] * 4)
    found = np.array([[[98.0, 3], [1, 2]], [[2, 0], [97, 0]], [[50, 0], [50, 0]], [[NAN, NAN]] * 2])
    assert exchanged(found, marked).tolist() == [True, False, False, False]


def test_no_head():
    assert no_head(0.2, 0.1)
    assert not no_head(0.5, 2.0)
    assert no_head(0.9, 6.0)
    assert no_head(NAN, 0.1)
    assert no_head(0.9, NAN)
