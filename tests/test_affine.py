"""Pictures and points move together: numbers worked by hand, and blobs that must be where their points are."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from injerto.affine import affine, inverse, mirrored, moved_pixels, moved_points, swapped

SIDE = 8


def one(*, degrees: float = 0.0, scale: float = 1.0, shift: tuple[float, float] = (0.0, 0.0), mirror: bool = False) -> Tensor:
    return affine(
        angle_radians=torch.tensor([math.radians(degrees)]),
        scale=torch.tensor([scale]),
        shift_unit=torch.tensor([shift]),
        mirror=torch.tensor([mirror]),
    )


def lit(*, x: int, y: int) -> Tensor:
    """A black picture (1,3,8,8) of bytes with one white pixel."""
    pixels = torch.zeros(1, 3, SIDE, SIDE, dtype=torch.uint8)
    pixels[:, :, y, x] = 255
    return pixels


def unit(x: float, y: float) -> Tensor:
    return torch.tensor([[[(x + 0.5) / SIDE, (y + 0.5) / SIDE]]])


# One white pixel at x 5, y 2, and where it must be then: x' = W - 1 - x under a flip, (W - 1 - y, x) after a quarter turn.
WORKED = [
    ("nothing", one(), (5, 2)),
    ("flip", one(mirror=True), (2, 2)),
    ("quarter turn, clockwise", one(degrees=90), (5, 5)),
    ("quarter turn, anticlockwise", one(degrees=-90), (2, 2)),
    ("half turn", one(degrees=180), (2, 5)),
    ("flip, then quarter turn", one(mirror=True, degrees=90), (5, 2)),
    ("two to the right, one down", one(shift=(2 / SIDE, 1 / SIDE)), (7, 3)),
    ("turn, then shift", one(degrees=90, shift=(-2 / SIDE, 1 / SIDE)), (3, 6)),
]


@pytest.mark.parametrize(("matrix", "place"), [case[1:] for case in WORKED], ids=[case[0] for case in WORKED])
def test_a_white_pixel_and_its_point_arrive_together(matrix: Tensor, place: tuple[int, int]) -> None:
    x, y = place
    torch.testing.assert_close(moved_points(unit(5, 2), matrix), unit(x, y))
    torch.testing.assert_close(moved_pixels(lit(x=5, y=2), matrix), lit(x=x, y=y).float(), atol=0.01, rtol=0)


def test_twice_as_large() -> None:
    """Around the middle, 3.5: x 4 is half a pixel right of it, then one pixel; y 2 is 1.5 above, then three."""
    matrix = one(scale=2)
    torch.testing.assert_close(moved_points(unit(4, 2), matrix), unit(4.5, 0.5))
    large = moved_pixels(lit(x=4, y=2), matrix)[0, 0]
    # Halfway between centres a quarter is lost each time: 3/4 * 3/4 of 255 in the four pixels around (4.5, 0.5).
    torch.testing.assert_close(large[0:2, 4:6], torch.full((2, 2), 255 * 9 / 16))
    assert large[3:].abs().max() < 0.01


def test_edges_are_repeated_beyond_the_picture() -> None:
    columns = torch.arange(SIDE).float().expand(1, 3, SIDE, SIDE)
    moved = moved_pixels(columns, one(shift=(2 / SIDE, 0)))
    torch.testing.assert_close(moved[0, 0, 0], torch.tensor([0.0, 0, 0, 1, 2, 3, 4, 5]), atol=1e-4, rtol=0)


def test_a_point_may_leave_and_the_unknown_stay_unknown() -> None:
    matrix = one(shift=(0.5, 0.0))
    xy = torch.tensor([[[0.75, 0.5], [math.nan, math.nan], [math.nan, 0.5]]])
    moved = moved_points(xy, matrix)
    assert moved[0, 0].tolist() == [1.25, 0.5]
    assert moved[0, 1:].isnan().all()


def many(count: int = 24) -> Tensor:
    drawn = torch.rand(count, 5, generator=torch.Generator().manual_seed(0))
    return affine(
        angle_radians=(drawn[:, 0] - 0.5) * 2 * math.pi,
        scale=0.75 + drawn[:, 1] * 0.5,
        shift_unit=(drawn[:, 2:4] - 0.5) * 0.2,
        mirror=drawn[:, 4] < 0.5,
    )


def test_blobs_are_where_their_points_are() -> None:
    """A round blob's centre of mass, whatever the move, is the moved point; to a fiftieth of a pixel."""
    matrix, side = many(), 64
    xy = torch.tensor([[[0.55, 0.42]]]).expand(len(matrix), 1, 2)
    centres = (torch.arange(side) + 0.5) / side
    blob = (-((centres[None] - 0.55) ** 2 + (centres[:, None] - 0.42) ** 2) / (2 * 0.04**2)).exp()
    moved = moved_pixels(blob.expand(len(matrix), 3, side, side), matrix)[:, 0]
    weight = moved.sum(dim=(1, 2))
    found = torch.stack([(moved.sum(dim=1) * centres).sum(1) / weight, (moved.sum(dim=2) * centres).sum(1) / weight], dim=1)
    assert float((found - moved_points(xy, matrix)[:, 0]).abs().max()) < 0.02 / side


def test_the_inverse_moves_back() -> None:
    matrix = many()
    xy = torch.rand(len(matrix), 7, 2, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(moved_points(moved_points(xy, matrix), inverse(matrix)), xy)
    torch.testing.assert_close(inverse(one(scale=2, shift=(0.25, 0.0))), torch.tensor([[[0.5, 0, -0.25], [0, 0.5, 0]]]))


def test_who_is_mirrored() -> None:
    assert mirrored(torch.cat([one(mirror=True, degrees=170), one(degrees=170), one(scale=2)])).tolist() == [True, False, False]


def test_mirrored_rows_swap_what_is_known_of_their_points() -> None:
    rows, swap = torch.tensor([True, False]), torch.tensor([2, 1, 0])
    state = torch.tensor([[1.0, 0.0, math.nan]] * 2)
    torch.testing.assert_close(
        swapped(state, rows, swap), torch.tensor([[math.nan, 0.0, 1.0], [1.0, 0.0, math.nan]]), equal_nan=True
    )
    xy = torch.arange(12.0).reshape(2, 3, 2)
    assert swapped(xy, rows, swap).tolist() == [[[4, 5], [2, 3], [0, 1]], [[6, 7], [8, 9], [10, 11]]]


def test_only_squares_are_moved() -> None:
    with pytest.raises(ValueError, match=r"only when square, found 8x4\. Resize them first"):
        moved_pixels(torch.zeros(1, 3, 4, 8), one())
