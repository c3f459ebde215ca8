"""Boxes as people draw them, as a rule in terms of two points: on boxes that follow one, on too few, on nonsense."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.recipes.box_rule import FEWEST_ROWS, BoxRule
from injerto.recipes.found import drawn
from injerto.recipes.marks import overlap
from injerto.recipes.pointer import Pointed

NAN = np.nan
ROWS = 400


def heads(rows: int = ROWS, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Boxes (N,4) around heads (N,2,2) that lie any way, with a margin of a quarter of their length on every side."""
    generator = np.random.default_rng(seed)
    angle, length = generator.uniform(0, 2 * np.pi, rows), generator.uniform(20, 100, rows)
    middle = generator.uniform(200, 400, (rows, 2))
    half = (length / 2)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points = np.stack([middle + half, middle - half], axis=1)
    reach = np.abs(half) + length[:, None] / 4
    return np.concatenate([middle + 0.5 - reach, 2 * reach], axis=1), points


def test_a_box_that_reaches_evenly_beyond_its_points_is_found_again():
    box, points = heads()
    rule = BoxRule.fit(box, points)
    assert rule is not None
    new_box, new_points = heads(seed=1)
    assert np.median(overlap(rule.boxes(new_points), new_box)) > 0.99


def test_the_rule_by_hand_where_all_heads_lie_alike():
    """Heads of 10 pixels to the right, boxes of 20 by 10: 5 pixels on each side, as half and as whole lengths."""
    points = np.tile([[[14.5, 9.5], [4.5, 9.5]]], (ROWS, 1, 1))
    rule = BoxRule.fit(np.tile([[0.0, 5.0, 20.0, 10.0]], (ROWS, 1)), points)
    assert rule is not None
    assert rule.boxes(points[:1])[0] == pytest.approx([0, 5, 20, 10], abs=0.05)
    assert rule.boxes(2 * points[:1] + 0.5)[0] == pytest.approx([0, 10, 40, 20], abs=0.1)


def test_mirrored_heads_have_mirrored_boxes():
    box, points = heads(2000)
    rule = BoxRule.fit(box, points)
    assert rule is not None
    flipped = points * [-1, 1]
    one, other = rule.boxes(points), rule.boxes(flipped)
    assert other[:, 2:] == pytest.approx(one[:, 2:], rel=0.1)


def test_rows_without_box_or_points_teach_nothing_and_have_no_box():
    box, points = heads(FEWEST_ROWS)
    more = np.concatenate([box, [[NAN] * 4, [0, 0, 1, 1], [0, 0, 1, 1]]])
    bare = np.concatenate([points, points[:1], [[[NAN] * 2] * 2], [[[3.0, 3.0]] * 2]])
    rule = BoxRule.fit(more, bare)
    assert rule == BoxRule.fit(box, points)
    assert rule is not None
    assert np.isnan(rule.boxes(bare)[-2:]).all()


def test_too_few_rows_make_no_rule():
    box, points = heads(FEWEST_ROWS - 1)
    assert BoxRule.fit(box, points) is None


def test_boxes_follow_from_points_of_a_second_look_alone():
    box, points = heads(FEWEST_ROWS)
    rule = BoxRule.fit(box, points)
    assert rule is not None
    located, marked = np.tile([[1.0, 2, 3, 4]], (4, 1)), np.array([False, False, True, False])
    places = points[:4].copy()
    places[3] = NAN
    pointed = Pointed(places, np.ones(4), np.zeros(4, dtype=bool), np.array([True, False, True, True]))
    told = drawn(rule, pointed, located, marked)
    assert (told[0] == rule.boxes(points[:1])[0]).all()
    assert (told[1:] == located[1:]).all()
    assert (drawn(None, pointed, located, marked) == located).all()
