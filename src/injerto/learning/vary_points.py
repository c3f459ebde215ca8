"""Changes to photos that their points go along with, drawn afresh in every epoch of training."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from injerto.affine import affine, mirrored, moved_pixels, moved_points, swapped
from injerto.draws import own, uniform, whole
from injerto.learning.light import relit


@dataclass(frozen=True)
class Strength:
    """How far photos with points are changed. Ranges are lowest and highest, shares are of rows unless they say otherwise."""

    turn_degrees: float = 25.0
    """Turned by up to so much, either way."""
    scale: tuple[float, float] = (0.75, 1.3)
    shift_unit: float = 0.1
    """Shifted by up to this share of the side, in x and in y."""
    crop_share: float = 0.125
    """So many are cropped instead of shifted, so that some points leave the picture: that this happens must be learned, too."""
    crop_scale: tuple[float, float] = (1.4, 2.2)
    light: float = 0.25
    """Contrast and brightness change by up to this share."""
    blur_share: float = 0.2
    blur_unit: float = 0.01
    """The largest standard deviation of the blur, as a share of the side."""
    erase_share: float = 0.25
    erase_unit: tuple[float, float] = (0.1, 0.3)
    """Sides of the rectangle that hides a part. A point behind it keeps its place: it is to be told from what is around it."""

    @property
    def words(self) -> str:
        """The moves, for a person."""
        low, high = self.scale
        return f"turns to {self.turn_degrees:.0f} degrees, scales {low:.2f} to {high:.2f}, shifts to {self.shift_unit:.0%}"


def vary_points(
    pixels: Tensor, xy_unit: Tensor, *, swap: Tensor | None, generator: torch.Generator, strength: Strength | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Photos (B,3,S,S) 0-255 and their points (B,K,2), moved together, and the matrices (B,2,3) that moved them.

    With `swap` (K,), the permutation under a flip, half of the rows are mirrored and their points change places; without it
    none are. What else is known of each point goes along by `swapped(values, mirrored(matrix), swap)`. Points are in shares of
    the side, NaN where unknown, beyond 0 to 1 where they left the picture.

    *Raises* ValueError for photos that are not square.
    """
    strength = strength or Strength()
    matrix = drawn_affine(len(pixels), mirror=swap is not None, generator=generator, strength=strength).to(pixels.device)
    moved, xy_unit = moved_pixels(pixels, matrix), moved_points(xy_unit, matrix)
    if swap is not None:
        xy_unit = swapped(xy_unit, mirrored(matrix), swap)
    contrast, brightness = (_uniform(len(pixels), 1 - strength.light, 1 + strength.light, generator) for _ in range(2))
    moved = relit(moved, contrast=contrast.to(moved.device), brightness=brightness.to(moved.device))
    moved = _some_blurred(moved, generator, strength)
    return _some_erased(moved, generator, strength), xy_unit, matrix


def drawn_affine(count: int, *, mirror: bool, generator: torch.Generator, strength: Strength) -> Tensor:
    """One move for each of `count` rows, (count,2,3): half of them mirrored if at all, a few of them strong crops."""
    angle = _uniform(count, -strength.turn_degrees, strength.turn_degrees, generator).deg2rad()
    scale = _uniform(count, *strength.scale, generator)
    shift = torch.stack([_uniform(count, -strength.shift_unit, strength.shift_unit, generator) for _ in range(2)], dim=1)
    crops = _uniform(count, 0, 1, generator) < strength.crop_share
    crop_scale = _uniform(count, *strength.crop_scale, generator)
    # A window of 1 / scale of the side, anywhere in the picture.
    crop_shift = torch.stack([_uniform(count, -0.5, 0.5, generator) for _ in range(2)], dim=1) * (crop_scale - 1)[:, None]
    half = _uniform(count, 0, 1, generator) < 0.5
    return affine(
        angle_radians=angle,
        scale=torch.where(crops, crop_scale, scale),
        shift_unit=torch.where(crops[:, None], crop_shift, shift),
        mirror=half & mirror,
    )


def blurred(pixels: Tensor, sigma_pixels: Tensor, *, widest: float | None = None) -> Tensor:
    """(B,C,H,W) under a Gaussian of each row's own standard deviation (B,), which is above 0.

    It is cut off at three times the `widest` of them, which may be another's than the rows' at hand.
    """
    radius = min(math.ceil(3 * (widest or float(sigma_pixels.max()))), min(pixels.shape[2:]) - 1)
    steps = torch.arange(-radius, radius + 1, device=pixels.device)
    weights = torch.exp(-0.5 * (steps / sigma_pixels[:, None]) ** 2)
    weights = (weights / weights.sum(dim=1, keepdim=True)).repeat_interleave(pixels.shape[1], dim=0)[:, None, None]
    planes = functional.pad(pixels.flatten(0, 1)[None], [radius] * 4, mode="reflect")
    for kernel in (weights, weights.transpose(2, 3)):
        planes = functional.conv2d(planes, kernel, groups=len(kernel))
    return planes.reshape(pixels.shape)


def erased(pixels: Tensor, *, middle_unit: Tensor, sides_unit: Tensor, colour: Tensor) -> Tensor:
    """(B,3,S,S) with one rectangle a row in one colour (B,3); its middle and sides (B,2), x and y, are shares of the side."""
    places = (torch.arange(pixels.shape[3], device=pixels.device) + 0.5) / pixels.shape[3]
    across, down = ((places - middle_unit[:, axis, None]).abs() < sides_unit[:, axis, None] / 2 for axis in (0, 1))
    return torch.where((down[:, :, None] & across[:, None, :])[:, None], colour[:, :, None, None], pixels)


def _some_blurred(pixels: Tensor, generator: torch.Generator, strength: Strength) -> Tensor:
    largest = strength.blur_unit * pixels.shape[3]
    some = _chosen(len(pixels), strength.blur_share, generator)
    if not some.count or not largest:
        return pixels
    sigma = 0.3 * largest + (largest - 0.3 * largest) * torch.rand(some.count, generator=generator)
    widest, sigma, rows = float(sigma.max()), some.own(sigma).to(pixels.device), some.rows.to(pixels.device)
    return pixels.index_copy(0, rows, blurred(pixels[rows], sigma, widest=widest)) if len(rows) else pixels


def _some_erased(pixels: Tensor, generator: torch.Generator, strength: Strength) -> Tensor:
    some = _chosen(len(pixels), strength.erase_share, generator)
    if not some.count:
        return pixels

    def drawn(low: float, high: float, axes: int) -> Tensor:
        each = torch.stack([torch.rand(some.count, generator=generator) for _ in range(axes)], dim=1)
        return low + (high - low) * some.own(each).to(pixels.device)

    middle, sides, colour = drawn(0, 1, 2), drawn(*strength.erase_unit, 2), drawn(0, 255, 3)
    rows = some.rows.to(pixels.device)
    return pixels.index_copy(0, rows, erased(pixels[rows], middle_unit=middle, sides_unit=sides, colour=colour))


@dataclass(frozen=True)
class _Chosen:
    """Rows of a batch drawn by chance: `count` of the whole batch, of them `rows` (n,) of those at hand."""

    chosen: Tensor

    @property
    def count(self) -> int:
        return int(self.chosen.sum())

    @property
    def rows(self) -> Tensor:
        found: Tensor = own(self.chosen).nonzero()[:, 0]
        return found

    def own(self, drawn: Tensor) -> Tensor:
        """What was drawn for each of the `count`, (count,...), of the rows at hand (n,...)."""
        spread = drawn.new_zeros(len(self.chosen), *drawn.shape[1:])
        spread[self.chosen] = drawn
        found: Tensor = own(spread)[self.rows]
        return found


def _chosen(count: int, share: float, generator: torch.Generator) -> _Chosen:
    return _Chosen(torch.rand(whole(count), generator=generator) < share)


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return low + (high - low) * uniform(count, generator=generator)
