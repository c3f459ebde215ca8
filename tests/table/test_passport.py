"""Two points to fixed places, on numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from injerto.errors import MediaError
from injerto.table.passport import GREY, Frame, passport, similarity

SIDE = 20
FRAME = Frame(side_pixels=SIDE)
# Shares 0.8 and 0.3 of 20 pixels, half way down, in pixels that count from the centre of the first.
FIRST, SECOND = np.array([15.5, 9.5]), np.array([5.5, 9.5])


def noise(height: int = SIDE, width: int = SIDE) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_points_in_their_places_leave_the_photo_as_it_is():
    photo = noise()
    assert (passport(photo, FIRST, SECOND, FRAME) == photo).all()


def test_a_photo_upside_down_is_turned():
    photo = noise()
    assert (passport(photo[::-1, ::-1], 19 - FIRST, 19 - SECOND, FRAME) == photo).all()


def test_a_quarter_turn():
    photo = noise()
    turned = np.rot90(photo)  # counterclockwise: what was at (x, y) is at (y, 19 - x)
    first, second = np.array([FIRST[1], 19 - FIRST[0]]), np.array([SECOND[1], 19 - SECOND[0]])
    assert (passport(turned, first, second, FRAME) == photo).all()


@pytest.mark.parametrize("times", [2, 3, 6])
def test_a_larger_photo_is_a_mean_over_what_each_pixel_stands_for(times: int):
    photo = noise(SIDE * times, SIDE * times)
    means = photo.reshape(SIDE, times, SIDE, times, 3).mean(axis=(1, 3))
    found = passport(photo, (FIRST + 0.5) * times - 0.5, (SECOND + 0.5) * times - 0.5, FRAME)
    assert np.abs(found - means).max() <= 0.51


def test_shrinking_a_chequerboard_gives_grey_and_no_pattern():
    x, y = np.meshgrid(np.arange(70), np.arange(70))
    photo = np.repeat(((x + y) % 2 * 255).astype(np.uint8)[:, :, None], 3, axis=2)
    found = passport(photo, np.array([55.3, 40.1]), np.array([22.6, 21.8]), FRAME)[6:14, 6:14]
    assert np.abs(found.astype(float) - 127.5).max() < 40


def test_beyond_the_edges_it_is_grey():
    photo = np.full((20, 20, 3), 200, dtype=np.uint8)
    moved = passport(photo, FIRST - (5, 0), SECOND - (5, 0), FRAME)  # the photo begins five pixels into the passport
    assert (moved[:, :5] == GREY).all()
    assert (moved[:, 5:] == 200).all()


def test_beyond_the_edges_it_may_be_reflected():
    photo = noise()
    moved = passport(photo, FIRST - (5, 0), SECOND - (5, 0), Frame(side_pixels=SIDE, outside="reflected"))
    assert (moved[:, 5:] == photo[:, :15]).all()
    assert (moved[:, :5] == photo[:, 4::-1]).all()


def test_a_stretch_shows_half_as_much_across_and_as_much_along():
    photo = np.repeat(np.repeat(noise(10, 20), 1, axis=0), 1, axis=1)
    shown = passport(photo, np.array([15.5, 4.5]), np.array([5.5, 4.5]), Frame(side_pixels=SIDE, stretch=2))
    # Row 2k and 2k + 1 lie a quarter of a pixel above and below the middle of row k.
    above = 0.25 * photo[3].astype(float) + 0.75 * photo[4]
    below = 0.75 * photo[4].astype(float) + 0.25 * photo[5]
    assert np.abs(shown[8] - above).max() <= 0.51
    assert np.abs(shown[9] - below).max() <= 0.51


def test_other_places_stand_upright():
    frame = Frame(side_pixels=SIDE, first_unit=(0.5, 0.3), second_unit=(0.5, 0.8))
    factor, start = similarity(np.array([10.0, 4.0]), np.array([10.0, 14.0]), frame)
    assert factor == pytest.approx(1)
    assert start == pytest.approx(10 + 9j)


def test_a_similarity_worked_by_hand():
    # Ten pixels apart in the passport, to the right; twenty on the photo, downwards: turned by 90 degrees, twice as large.
    factor, start = similarity(np.array([3.0, 27.0]), np.array([3.0, 7.0]), FRAME)
    assert factor == pytest.approx(2j)
    assert start == pytest.approx(3 + 17j)


def test_points_at_one_place_are_refused():
    with pytest.raises(MediaError, match=r"both lie at the same place, 5\.5, 9\.5"):
        passport(noise(), SECOND, SECOND + 0.3, FRAME)


def test_points_that_are_not_known_are_refused():
    with pytest.raises(MediaError, match="at least one of the two is not known"):
        passport(noise(), FIRST, np.array([math.nan, 3]), FRAME)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"side_pixels": 4}, "shows nothing"),
        ({"first_unit": (0.3, 0.5)}, "in one place"),
        ({"stretch": 9.0}, "not by 9"),
    ],
)
def test_frames_that_show_nothing_are_refused(wrong: dict, said: str):
    with pytest.raises(ValueError, match=said):
        Frame(**wrong)
