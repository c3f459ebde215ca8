"""One affine move for a picture and the points on it, so that both arrive at the same place.

A matrix (B,2,3) says where a POINT goes, in coordinates c = 2u - 1 around the middle of the picture: -1 is the left or upper
edge of its outermost pixels, 1 the right or lower one, y points down. `grid_sample` asks the other way round, for every pixel
of the new picture where it comes from; so pictures are moved by the inverse, here and nowhere else. Pictures are square: in
others, a turn in these coordinates would shear.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def affine(*, angle_radians: Tensor, scale: Tensor, shift_unit: Tensor, mirror: Tensor) -> Tensor:
    """Matrices (B,2,3) that mirror left and right where `mirror` (B,) is true, then turn, then scale, then shift.

    Angles (B,) turn clockwise as one sees the picture; scales (B,) above 1 enlarge; shifts (B,2), in x and y, are shares of the
    side.
    """
    cosine, sine = scale * angle_radians.cos(), scale * angle_radians.sin()
    sign = torch.where(mirror, -1.0, 1.0)
    x, y = (2 * shift_unit).unbind(dim=1)
    rows = [torch.stack([cosine * sign, -sine, x], dim=1), torch.stack([sine * sign, cosine, y], dim=1)]
    return torch.stack(rows, dim=1)


def inverse(matrix: Tensor) -> Tensor:
    """The matrices (B,2,3) that move everything back.

    *Raises* torch.linalg.LinAlgError when one of them moves all points onto a line.
    """
    turned = torch.linalg.inv(matrix[:, :, :2])
    return torch.cat([turned, -_product(turned, matrix[:, None, :, 2]).transpose(1, 2)], dim=2)


def moved_points(xy_unit: Tensor, matrix: Tensor) -> Tensor:
    """Points (B,K,2) where the matrices take them, in shares of the side; beyond 0 to 1 they have left the picture.

    A point whose x or y is NaN is NaN in both afterwards.
    """
    moved = _product(matrix[:, :, :2], 2 * xy_unit - 1) + matrix[:, None, :, 2]
    return (moved + 1) / 2


def moved_pixels(pixels: Tensor, matrix: Tensor) -> Tensor:
    """Pictures (B,C,S,S) moved by the matrices, as floats. What comes from beyond their edges repeats the pixels there.

    *Raises* ValueError for pictures that are not square.
    """
    # Pixels at the edge rather than a reflection: in that, a left eye would look like a right one, without being labelled so.
    height, width = pixels.shape[2:]
    if height != width:
        raise ValueError(f"Pictures are moved with their points only when square, found {width}x{height}. Resize them first.")
    grid = functional.affine_grid(inverse(matrix), list(pixels.shape), align_corners=False)
    return functional.grid_sample(pixels.float(), grid, padding_mode="border", align_corners=False)


def mirrored(matrix: Tensor) -> Tensor:
    """Which matrices (B,) swap left and right."""
    return matrix[:, 0, 0] * matrix[:, 1, 1] < matrix[:, 0, 1] * matrix[:, 1, 0]


def swapped(values: Tensor, rows: Tensor, swap: Tensor) -> Tensor:
    """What is known of each point (B,K,...) with points changing places by the permutation `swap` (K,) in `rows` (B,) bool."""
    return torch.where(rows.reshape(-1, *[1] * (values.dim() - 1)), values[:, swap], values)


def _product(matrix: Tensor, vectors: Tensor) -> Tensor:
    """Matrices (B,2,2) times the vectors (B,K,2), without the shortcuts that processors take in large products."""
    return (matrix[:, None] * vectors[:, :, None]).sum(dim=3)
