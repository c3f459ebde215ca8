"""Suspects on made-up labels: what was made wrong is listed, with what happened to it, and little else."""

from __future__ import annotations

import numpy as np

from injerto.learning.suspects import FEWEST_LABELS, Suspect, suspects_of
from injerto.table.framing import Framing

POINTS = ["left_eye", "right_eye", "nose", "chin"]
PAIRS = [("left_eye", "right_eye")]
ROWS, SIDE = 300, 100


def framing(rows: int = ROWS) -> Framing:
    size, zero = np.full(rows, float(SIDE)), np.zeros(rows)
    return Framing(size, size, np.full(rows, 1), zero, zero, size)


def faces(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels in pixels, and where they are told to be in shares of the side: two pixels off, in part all of a row alike."""
    generator = np.random.default_rng(seed)
    pixels = np.array([[70.0, 30.0], [30.0, 33.0], [52.0, 55.0], [48.0, 90.0]]) + generator.normal(0, 3, (ROWS, 4, 2))
    told = pixels + generator.normal(0, 1.5, (ROWS, 4, 2)) + generator.normal(0, 0.6, (ROWS, 1, 2))
    return pixels, framing().unit_of(told)


def suspects(pixels: np.ndarray, told: np.ndarray, **more: object) -> list[Suspect]:
    return suspects_of(framing().unit_of(pixels), told, framing(), POINTS, pairs=PAIRS, **more)  # type: ignore[arg-type]


def test_right_labels_are_let_be() -> None:
    assert len(suspects(*faces())) <= 2


def test_a_pair_that_was_exchanged_is_named_as_such() -> None:
    pixels, told = faces()
    pixels[7, [0, 1]] = pixels[7, [1, 0]]
    found = suspects(pixels, told)[:2]
    assert {(one.row, one.point) for one in found} == {(7, "left_eye"), (7, "right_eye")}
    assert {one.reason for one in found} == {"left_eye and right_eye may be exchanged"}
    eye = next(one for one in found if one.point == "left_eye")
    assert (eye.x, eye.y) == tuple(pixels[7, 0].round(2))
    assert np.hypot(eye.told_x - pixels[7, 1, 0], eye.told_y - pixels[7, 1, 1]) < 8  # beside where the other one was put


def test_any_two_points_that_fit_each_other_are_exchanged() -> None:
    pixels, told = faces()
    pixels[7, [2, 3]] = pixels[7, [3, 2]]
    assert [one.reason for one in suspects(pixels, told)[:2]] == ["nose and chin may be exchanged"] * 2


def test_x_and_y_that_were_exchanged() -> None:
    pixels, told = faces()
    pixels[9] = pixels[9, :, ::-1]
    found = [one for one in suspects(pixels, told) if one.row == 9]
    assert {one.point for one in found} >= {"left_eye", "chin"}
    assert {one.reason for one in found if one.point in ("left_eye", "chin")} == {"x and y may be exchanged"}


def test_a_point_that_was_moved_and_the_worst_comes_first() -> None:
    pixels, told = faces()
    pixels[20, 2] += (0, 15)
    pixels[30, 3] += (25, 0)
    first, second = suspects(pixels, told)[:2]
    assert [(first.row, first.point), (second.row, second.point)] == [(30, "chin"), (20, "nose")]
    assert first.times > second.times > 4.5
    assert second.reason == f"{second.times:g} times as far from where it is expected as is typical"


def test_what_a_row_shares_is_no_label_error() -> None:
    """All points of a row told six pixels to the left: the animal stood so."""
    pixels, told = faces()
    told[:150] += np.random.default_rng(1).normal(0, 0.06, (150, 1, 2))
    assert len({one.row for one in suspects(pixels, told)}) <= 4


def test_a_point_with_few_labels_has_no_suspects_and_unknown_ones_none() -> None:
    pixels, told = faces()
    pixels[:, 3] = np.where(np.arange(ROWS)[:, None] < FEWEST_LABELS - 1, pixels[:, 3], np.nan)
    pixels[0, 3] += 40
    told[1] = np.nan
    assert not [one for one in suspects(pixels, told) if one.point == "chin" or one.row == 1]


def test_the_network_is_heeded_where_it_did_not_learn() -> None:
    """It tells of rows from 150 on, far more closely than the ridge: three pixels are much."""
    pixels, told = faces()
    network = framing().unit_of(pixels + np.random.default_rng(2).normal(0, 0.3, pixels.shape))
    network[:150] = np.nan
    pixels[[20, 200], 2] += 3
    alone, both = suspects(pixels, told), suspects(pixels, told, network=network)
    assert 200 not in {one.row for one in alone}
    assert (both[0].row, both[0].point) == (200, "nose")
    assert 20 not in {one.row for one in both}


def test_at_most_so_many() -> None:
    pixels, told = faces()
    pixels[:40, 2] += 30
    assert len(suspects(pixels, told, most=10)) == 10
