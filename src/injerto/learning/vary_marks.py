"""Changes to photos of individuals that leave it true who they show: another angle, another light, a part hidden by spray."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from injerto.draws import own, uniform, whole
from injerto.learning.vary_points import Strength, vary_points

STRENGTH = Strength(
    turn_degrees=5.0,
    scale=(0.92, 1.08),
    shift_unit=0.025,
    crop_share=0.0,
    light=0.2,
    blur_share=0.1,
    blur_unit=0.01,
    erase_share=0.25,
    erase_unit=(0.1, 0.35),
)
"""Animals are framed alike and look the same way, by hand or by a locator, but never quite. Moves of 12 degrees and 20 % cost
whales 0.02 of what is found first."""
LOOSE_STRENGTH = replace(STRENGTH, turn_degrees=8.0, scale=(0.85, 1.18), shift_unit=0.04, light=0.3, erase_share=0.4)
"""Of animals that stand otherwise in every photo anyway."""
TINT = 0.03
"""Standard deviation of the logarithm of each colour's factor: water and evening light are tinted."""
GREY_SHARE = 0.15
"""So many photos lose their colour: marks are shapes."""


def vary_marks(pixels: Tensor, generator: torch.Generator, strength: Strength = STRENGTH) -> Tensor:
    """(B,3,S,S) 0-255 to the same shape, as floats; never mirrored, since that shows somebody else."""
    nowhere = torch.empty(len(pixels), 0, 2)
    varied, _, _ = vary_points(pixels, nowhere, swap=None, generator=generator, strength=strength)
    varied = varied * torch.exp(TINT * own(torch.randn(whole(len(pixels)), 3, 1, 1, generator=generator)))
    grey = uniform(len(pixels), generator=generator) < GREY_SHARE
    varied = torch.where(grey[:, None, None, None], varied.mean(dim=1, keepdim=True), varied)
    return varied.clamp(0, 255)
