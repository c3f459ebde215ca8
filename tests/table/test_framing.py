from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from injerto.table.column import Column
from injerto.table.framing import Framing, framing_of, square_of
from injerto.table.orientation import upright
from injerto.table.picture_size import PictureSize


def framing(width: float, height: float, orientation: int = 1) -> Framing:
    left, top, side = square_of(PictureSize(int(width), int(height), orientation), None)
    return Framing(*(np.array([value]) for value in (width, height, orientation, left, top, side)))


def points(*xy: tuple[float, float]) -> np.ndarray:
    return np.array([xy], dtype=np.float64)


def test_the_corners_of_a_square_photo_are_the_corners_of_its_square() -> None:
    unit = framing(4, 4).unit_of(points((-0.5, -0.5), (3.5, 3.5), (0, 0), (1.5, 1.5)))
    np.testing.assert_allclose(unit[0], [[0, 0], [1, 1], [0.125, 0.125], [0.5, 0.5]])


def test_a_wide_photo_lies_in_the_middle_of_its_square() -> None:
    # 8 x 4: two rows of nothing above and below
    unit = framing(8, 4).unit_of(points((-0.5, -0.5), (7.5, 3.5)))
    np.testing.assert_allclose(unit[0], [[0, 0.25], [1, 0.75]])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_pixel_is_found_where_the_turned_photo_has_it(orientation: int) -> None:
    stored = np.zeros((3, 6), dtype=np.uint8)
    stored[1, 4] = 1
    turned = upright(stored, orientation)
    side = 6
    square = np.zeros((side, side), dtype=np.uint8)
    top, left = (side - turned.shape[0]) // 2, (side - turned.shape[1]) // 2
    square[top : top + turned.shape[0], left : left + turned.shape[1]] = turned
    row, column = np.argwhere(square)[0]
    unit = framing(6, 3, orientation).unit_of(points((4, 1)))
    np.testing.assert_allclose(unit[0, 0], [(column + 0.5) / side, (row + 0.5) / side])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_pixels_are_those_of_the_turned_photo(orientation: int) -> None:
    stored = np.zeros((3, 6), dtype=np.uint8)
    stored[1, 4] = 1
    turned = upright(stored, orientation)
    frame = framing(6, 3, orientation)
    assert frame.upright_sizes[0].tolist() == [turned.shape[1], turned.shape[0]]
    assert frame.upright_of(points((4, 1)))[0, 0].tolist() == np.argwhere(turned)[0, ::-1].tolist()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_there_and_back(orientation: int) -> None:
    given = points((0, 0), (4.25, 1.5), (-3, 9))
    frame = framing(7, 4, orientation)
    np.testing.assert_allclose(frame.pixels_of(frame.unit_of(given)), given, atol=1e-12)


def test_sizes_come_from_headers_and_what_cannot_be_read_is_nan(tmp_path: Path) -> None:
    Image.new("RGB", (6, 3)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    column = Column("photo", pl.Series(["a.png", "b.png", None]), tmp_path, np.arange(3))
    found = framing_of(column)
    np.testing.assert_array_equal(found.sizes, [[6, 3], [np.nan, np.nan], [np.nan, np.nan]])
    assert found.side[0] == 6
    np.testing.assert_array_equal(found.take(np.array([0])).sizes, [[6, 3]])


def test_around_a_box_there_is_some_room() -> None:
    # 10 wide and 5 high, from (20, 30) on: a square of 12 around its middle (25, 32.5)
    assert square_of(PictureSize(100, 80), (20, 30, 10, 5)) == (19, 27, 12)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_turns_with_its_photo(orientation: int) -> None:
    size = PictureSize(40, 30, orientation)
    left, top, side = square_of(size, (4, 6, 10, 10))
    frame = Framing(*(np.array([value]) for value in (40, 30, orientation, left, top, side)))
    unit = frame.unit_of(points((4 + 4.5, 6 + 4.5)))  # the middle of the box
    np.testing.assert_allclose(unit[0, 0], [0.5, 0.5])
    np.testing.assert_allclose(frame.pixels_of(unit)[0, 0], [8.5, 10.5])
