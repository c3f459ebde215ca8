"""Photos in another light: darker or brighter, with more or less contrast."""

from __future__ import annotations

from torch import Tensor


def relit(pixels: Tensor, *, contrast: Tensor, brightness: Tensor) -> Tensor:
    """(B,3,H,W) 0-255 with the distance from each photo's mean times `contrast` (B,) and that mean times `brightness` (B,)."""
    mean = pixels.mean(dim=(1, 2, 3), keepdim=True)
    changed = (pixels - mean) * contrast[:, None, None, None] + mean * brightness[:, None, None, None]
    return changed.clamp(0, 255)
