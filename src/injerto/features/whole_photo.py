"""Photos of which nothing may be cut off: the whole file in the middle of a square, or all of a box on it with some room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import torch
from torch import Tensor

from injerto.errors import MediaError
from injerto.features.feature import JSON, MediaFeature
from injerto.features.image import squeezed
from injerto.places.address import Place
from injerto.schema.schema import Input
from injerto.table.boxes import box_of, boxed_column
from injerto.table.cell_bytes import media_name
from injerto.table.column import Column
from injerto.table.framing import square_of
from injerto.table.media import read_pixels
from injerto.table.picture_size import PictureSize, picture_size
from injerto.table.table import Table

GREY = 127
"""What fills the square beside the photo: nothing, to a network that was trained on levels around it."""


class WholePhotoFeature(MediaFeature):
    """Learns nothing; `table/framing.py` says where a pixel of the photo lies in the square."""

    def __init__(self, name: str, options: Input, box: Sequence[str] = ()) -> None:
        """`box` names the four columns of a box on each photo."""
        super().__init__(name, options)
        self.box = tuple(box)

    @property
    def transform(self) -> str:
        """Version, size and frame."""
        return f"image 2, whole in a square, {self.resolution_} px"

    @property
    def reads(self) -> list[str]:
        """The column of photos, and those of the box."""
        return [self.name, *self.box]

    def column(self, table: Table) -> Column:
        """Photos or, where a box is declared, parts of them."""
        return boxed_column(table, self.name, self.box)

    def fit(self, column: Column) -> Self:
        """Nothing to learn from the files."""
        return self

    def decode(self, cell: object, folder: Place, row: int | None) -> Tensor:
        """One photo as (3,S,S) uint8."""
        try:
            box = box_of(cell)
        except MediaError as error:
            raise MediaError(error.reason, file=media_name(cell), row=row) from error
        if box is None:
            # Of a model of boxes every photo is read whole, those without a box, too: one rule for a file.
            shortest = None if self.box else self.resolution_
            pixels = torch.from_numpy(read_pixels(cell, folder, shortest=shortest, row=row))
            height, width, _ = pixels.shape
            return squeezed(cut(pixels, *square_of(PictureSize(width, height), None)), self.resolution_)
        # A photo that comes smaller would put the edges of the box between pixels.
        size = picture_size(cell, folder, row=row)
        return squeezed(cut(torch.from_numpy(read_pixels(cell, folder, row=row)), *square_of(size, box)), self.resolution_)

    def state(self) -> dict[str, JSON]:
        """Backbone and size."""
        return {"backbone": self.backbone_, "resolution": self.resolution_}

    def restore(self, state: dict[str, JSON]) -> Self:
        """Take over what `state` gave."""
        return self.suit(str(state["backbone"]), int(state["resolution"]))


def cut(pixels: Tensor, left: int, top: int, side: int) -> Tensor:
    """The square (side,side,3) of (H,W,3) uint8 whose upper left corner is at (left, top); grey where it lies outside."""
    height, width, _ = pixels.shape
    if (left, top, side) == (0, 0, height) and height == width:
        return pixels
    square = torch.full((side, side, 3), GREY, dtype=torch.uint8)
    part = pixels[max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)]
    down, across = max(-top, 0), max(-left, 0)
    square[down : down + part.shape[0], across : across + part.shape[1]] = part
    return square
