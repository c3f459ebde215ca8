"""Photos of which nothing may be cut off: the whole file in the middle of a square, at the size the network wants."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import torch
from torch import Tensor

from injerto.features.feature import JSON, MediaFeature
from injerto.features.image import squeezed
from injerto.table.column import Column
from injerto.table.media import read_pixels

GREY = 127
"""What fills the square beside the photo: nothing, to a network that was trained on levels around it."""


class WholePhotoFeature(MediaFeature):
    """Learns nothing; `table/framing.py` says where a pixel of the photo lies in the square."""

    @property
    def transform(self) -> str:
        """Version, size and frame."""
        return f"image 1, whole in a square, {self.resolution_} px"

    def fit(self, column: Column) -> Self:
        """Nothing to learn from the files."""
        return self

    def decode(self, cell: object, folder: Path, row: int | None) -> Tensor:
        """One photo as (3,S,S) uint8."""
        pixels = read_pixels(cell, folder, shortest=self.resolution_, row=row)
        return squeezed(squared(torch.from_numpy(pixels)), self.resolution_)

    def state(self) -> dict[str, JSON]:
        """Backbone and size."""
        return {"backbone": self.backbone_, "resolution": self.resolution_}

    def restore(self, state: dict[str, JSON]) -> Self:
        """Take over what `state` gave."""
        return self.suit(str(state["backbone"]), int(state["resolution"]))


def squared(pixels: Tensor) -> Tensor:
    """(H,W,3) uint8 in the middle of a square as long as its longer side, grey around it.

    Where the difference of the sides is odd, the photo lies half a pixel left of or above the middle.
    """
    height, width, _ = pixels.shape
    if height == width:
        return pixels
    side = max(height, width)
    square = torch.full((side, side, 3), GREY, dtype=torch.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = pixels
    return square
