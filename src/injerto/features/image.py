"""Photos: the largest centred square of a file, at the backbone's size."""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from injerto.features.feature import JSON, MediaFeature
from injerto.places.address import Place
from injerto.table.column import Column
from injerto.table.media import read_pixels


class ImageFeature(MediaFeature):
    """Learns nothing but the size its backbone wants."""

    @property
    def transform(self) -> str:
        """Version, size and frame; version 2 decodes a JPEG at a half, a quarter or an eighth alone."""
        return f"image 2, centre square, {self.resolution_} px"

    def fit(self, column: Column) -> Self:
        """Nothing to learn from the files."""
        return self

    def decode(self, cell: object, folder: Place, row: int | None) -> Tensor:
        """One photo as (3,S,S) uint8."""
        pixels = read_pixels(cell, folder, shortest=self.resolution_, row=row)
        height, width, _ = pixels.shape
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        square = torch.from_numpy(pixels[top : top + side, left : left + side])
        return squeezed(square, self.resolution_)

    def state(self) -> dict[str, JSON]:
        """Backbone and size."""
        return {"backbone": self.backbone_, "resolution": self.resolution_}

    def restore(self, state: dict[str, JSON]) -> Self:
        """Take over what `state` gave."""
        return self.suit(str(state["backbone"]), int(state["resolution"]))


def squeezed(pixels: Tensor, side: int) -> Tensor:
    """(H,W,3) uint8 to (3,side,side) uint8, antialiased, in torch's fast path for bytes side by side."""
    if pixels.shape[:2] == (side, side):
        return pixels.permute(2, 0, 1)
    channels_first = pixels.permute(2, 0, 1)[None]
    return functional.interpolate(channels_first, (side, side), mode="bilinear", antialias=True, align_corners=False)[0]
