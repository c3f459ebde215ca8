"""Photos with points in training: what is drawn, how far it goes, and that points stay on what they mark."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from injerto.affine import mirrored, moved_points
from injerto.learning.light import relit
from injerto.learning.vary_points import Strength, blurred, drawn_affine, erased, vary_points

SIDE = 64
MOVES_ONLY = Strength(light=0.0, blur_share=0.0, erase_share=0.0)
# Left at a quarter of the width, right at three quarters, and one that is not known.
POINTS = torch.tensor([[0.25, 0.5], [0.75, 0.5], [math.nan, math.nan]])
SWAP = torch.tensor([1, 0, 2])


def drawn(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def photos(count: int) -> tuple[Tensor, Tensor]:
    """Bytes (count,3,64,64), red around the left point and green around the right one, with the points (count,3,2)."""
    centres = (torch.arange(SIDE) + 0.5) / SIDE
    blobs = [(-((centres[None] - x) ** 2 + (centres[:, None] - y) ** 2) / (2 * 0.04**2)).exp() for x, y in POINTS[:2].tolist()]
    pixels = (255 * torch.stack([*blobs, torch.zeros(SIDE, SIDE)])).to(torch.uint8)
    return pixels.repeat(count, 1, 1, 1), POINTS.repeat(count, 1, 1)


def test_points_stay_on_what_they_mark() -> None:
    """The left point of a mirrored photo is the green blob, which was the right one: it is on the left now."""
    pixels, xy = photos(64)
    moved, xy_moved, matrix = vary_points(pixels, xy, swap=SWAP, generator=drawn(), strength=MOVES_ONLY)
    flips = mirrored(matrix)
    assert 16 < int(flips.sum()) < 48
    assert moved.shape == pixels.shape
    assert moved.dtype == torch.float32
    assert xy_moved[:, 2].isnan().all()
    checked = 0
    for row in range(64):
        for point in (0, 1):
            x, y = (xy_moved[row, point] * SIDE - 0.5).round().int().tolist()
            if 4 <= x < SIDE - 4 and 4 <= y < SIDE - 4:
                colour = point if not flips[row] else 1 - point
                assert moved[row, colour, y, x] > 200, (row, point)
                checked += 1
    assert checked > 80


def test_no_mirror_without_a_swap() -> None:
    pixels, xy = photos(64)
    _, xy_moved, matrix = vary_points(pixels, xy, swap=None, generator=drawn(), strength=MOVES_ONLY)
    assert not mirrored(matrix).any()
    torch.testing.assert_close(xy_moved, moved_points(xy, matrix), equal_nan=True)


def test_the_same_draws_give_the_same_photos() -> None:
    pixels, xy = photos(16)
    one = vary_points(pixels, xy, swap=SWAP, generator=drawn(3))
    other = vary_points(pixels, xy, swap=SWAP, generator=drawn(3))
    for first, second in zip(one, other, strict=True):
        torch.testing.assert_close(first, second, rtol=0, atol=0, equal_nan=True)
    assert 0 <= float(one[0].min()) <= float(one[0].max()) <= 255
    assert not torch.equal(one[2], vary_points(pixels, xy, swap=SWAP, generator=drawn(4))[2])


def test_moves_keep_their_bounds() -> None:
    """Scale and turn as the columns of the matrix tell them; a crop's window lies within the picture before the turn."""
    matrix = drawn_affine(4000, mirror=False, generator=drawn(), strength=Strength())
    scale = matrix[:, :, 0].norm(dim=1)
    angle = torch.atan2(matrix[:, 1, 0], matrix[:, 0, 0]).rad2deg()
    shift = matrix[:, :, 2].abs().amax(dim=1) / 2
    crops = scale > 1.35
    assert 0.1 < float(crops.float().mean()) < 0.15
    assert 24 < float(angle.max()) < 25.01
    assert -25.01 < float(angle.min()) < -24
    assert 0.75 <= float(scale.min()) < 0.76
    assert 1.29 < float(scale[~crops].max()) < 1.301
    assert 2.1 < float(scale.max()) < 2.201
    assert float(shift[~crops].max()) <= 0.1
    assert float((shift[crops] - (scale[crops] - 1) / 2).max()) < 1e-5


def test_crops_make_points_leave() -> None:
    _, xy, _ = vary_points(*photos(200), swap=None, generator=drawn(), strength=Strength(crop_share=1.0))
    left = ((xy < 0) | (xy > 1)).any(dim=2)[:, :2].float().mean()
    assert 0.2 < float(left) < 0.6


def test_blur_is_a_gaussian() -> None:
    pixels = torch.zeros(2, 3, 21, 21)
    pixels[:, :, 10, 10] = 255.0
    soft = blurred(pixels, torch.tensor([0.5, 2.0]))
    torch.testing.assert_close(soft.sum(dim=(2, 3)), torch.full((2, 3), 255.0))
    for row, sigma in enumerate((0.5, 2.0)):
        assert float(soft[row, 0, 10, 11] / soft[row, 0, 10, 10]) == pytest.approx(math.exp(-0.5 / sigma**2), rel=1e-4)
        assert float(soft[row, 0, 12, 10] / soft[row, 0, 10, 10]) == pytest.approx(math.exp(-2 / sigma**2), rel=1e-4)
    torch.testing.assert_close(blurred(torch.full((1, 3, 4, 4), 7.0), torch.tensor([9.0])), torch.full((1, 3, 4, 4), 7.0))


def test_one_rectangle_is_erased() -> None:
    """The middle at x 0.5, y 0.25 of 8 pixels, four wide and two high: columns 2 to 5, rows 1 and 2."""
    pixels = torch.zeros(1, 3, 8, 8)
    found = erased(
        pixels,
        middle_unit=torch.tensor([[0.5, 0.25]]),
        sides_unit=torch.tensor([[0.5, 0.25]]),
        colour=torch.tensor([[1.0, 2.0, 3.0]]),
    )
    assert found[0, 0].nonzero().tolist() == [[y, x] for y in (1, 2) for x in (2, 3, 4, 5)]
    assert found[0, :, 1, 2].tolist() == [1, 2, 3]
    assert pixels.sum() == 0


def test_blur_and_rectangles_move_nothing() -> None:
    still = Strength(turn_degrees=0, scale=(1, 1), shift_unit=0, crop_share=0, light=0, blur_share=1, erase_share=1)
    pixels, xy = photos(8)
    moved, xy_moved, _ = vary_points(pixels, xy, swap=None, generator=drawn(), strength=still)
    torch.testing.assert_close(xy_moved, xy, equal_nan=True)
    assert ((moved - pixels).abs() > 1).any(dim=1).any(dim=2).any(dim=1).all()


def test_another_light() -> None:
    """Mean 100: 50 below at contrast 2 is 100 below; the mean at brightness 1.5 is 150."""
    pixels = torch.tensor([50.0, 150.0]).expand(1, 3, 2, 2)
    found = relit(pixels, contrast=torch.tensor([2.0]), brightness=torch.tensor([1.5]))
    assert found[0, 0].tolist() == [[50, 250]] * 2
