"""Changes to photos that leave their label true, drawn afresh in every epoch of fine-tuning."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from injerto.draws import uniform as drawn
from injerto.learning.light import relit


def vary_photos(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """(B,3,H,W) 0-255 to the same shape: mirrored, turned by up to 10 degrees, cropped to 60-100 % of its area,
    brightness and contrast changed by up to a fifth.
    """
    count = len(pixels)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * drawn(count, generator=generator)

    side = uniform(0.6, 1.0).sqrt()
    angle = uniform(-math.pi / 18, math.pi / 18)
    mirror = torch.where(uniform(0, 1) < 0.5, -1.0, 1.0)
    shift_x, shift_y = uniform(-1, 1) * (1 - side), uniform(-1, 1) * (1 - side)
    cosine, sine = side * angle.cos(), side * angle.sin()
    rows = [torch.stack([cosine * mirror, -sine, shift_x], 1), torch.stack([sine * mirror, cosine, shift_y], 1)]
    grid = functional.affine_grid(torch.stack(rows, dim=1), list(pixels.shape), align_corners=False)
    moved = functional.grid_sample(pixels.float(), grid, padding_mode="reflection", align_corners=False)
    return relit(moved, contrast=uniform(0.8, 1.2), brightness=uniform(0.8, 1.2))
