"""Whole photos, or boxes on them, on their way into a graph: in the middle of a grey square, at the size of the network."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from injerto.export.entry import Entry, Port
from injerto.export.nodes import DOUBLE, WHOLE, Nodes
from injerto.export.photo_entry import PIXELS, square_axes
from injerto.export.resize import squeezed
from injerto.export.translate import Axes
from injerto.features.whole_photo import GREY, WholePhotoFeature
from injerto.table.framing import ROOM


class WholePhotoEntry(Entry[WholePhotoFeature]):
    """Levels (H,W,3) uint8 and, where the model reads boxes, their left, top, width and height."""

    alone: ClassVar[bool] = True

    def __init__(self, feature: WholePhotoFeature, key: str, *, rows: int | str, placing: bool = False) -> None:
        """With `placing`, answers are places in the photo as its file has it, though a smaller one is looked at."""
        super().__init__(feature, key, rows=rows)
        self.sized = placing and not feature.box

    def ports(self) -> list[Port]:
        name = self.feature.name
        shape = (f"height of {name}", f"width of {name}", 3)
        told: dict[str, Any] = {"by": "photo", "columns": [name]}
        if not self.feature.box:  # a box has its edges between the pixels of a smaller photo
            told["shortest"] = self.feature.resolution_
        ports = [Port(name, "UINT8", shape, PIXELS, told)]
        if self.sized:
            words = (
                "width and height of the upright photo in which places are told: those of the file, where the pixels are fewer"
            )
            ports.append(Port(self._size, "INT64", (2,), words, {"by": "size", "columns": [name]}))
        if self.feature.box:
            words = "left, top, width and height of a box in pixels of the upright photo; NaN for all of it"
            read = {"by": "numbers", "columns": list(self.feature.box), "absent": ""}
            ports.append(Port(self._box, "DOUBLE", (4,), words, read))
        return ports

    @property
    def _box(self) -> str:
        return f"{self.feature.name}_box"

    @property
    def _size(self) -> str:
        return f"{self.feature.name}_size"

    def nodes(self, nodes: Nodes) -> list[str]:
        """The square, then where it lies in the upright photo: left, top and side in pixels."""
        name = self.feature.name
        size = nodes.add("Concat", nodes.size(name, 1), nodes.size(name, 0), axis=0)
        corner, side = self._boxed(nodes, size) if self.feature.box else _around(nodes, size)
        square = _cut(nodes, name, size, corner, side)
        if self.sized:
            corner, side = _around(nodes, self._size)
        return [nodes.add("Transpose", square, perm=[2, 0, 1]), nodes.add("Concat", corner, side, axis=0)]

    def examples(self, count: int) -> list[Tensor]:
        side = self.feature.resolution_
        return [torch.zeros(3, side, side, dtype=torch.uint8), torch.tensor([0, 0, side])]

    def encode(self, given: list[Tensor]) -> Tensor:
        """A square (3,L,L) to (1,3,S,S)."""
        return squeezed(given[0], self.feature.resolution_)

    def axes(self) -> Axes:
        return [square_axes(self.key), None]

    def _boxed(self, nodes: Nodes, size: str) -> tuple[str, str]:
        """Left and top (2,), and side (1,), of the square around the box, as `square_of`; around all where there is none."""
        missing = nodes.add("IsNaN", self._box)
        whole = nodes.add("Concat", nodes.constant([0.0, 0.0]), nodes.add("Cast", size, to=DOUBLE), axis=0)
        box = nodes.add("Where", missing, whole, self._box)
        low, length = (nodes.add("Slice", box, nodes.whole(start), nodes.whole(start + 2)) for start in (0, 2))
        no_box = nodes.add("Slice", missing, nodes.whole(0), nodes.whole(1))
        room = nodes.add("Where", no_box, nodes.constant([1.0]), nodes.constant([ROOM]))
        longest = nodes.add("Mul", nodes.add("ReduceMax", length, keepdims=1), room)
        side = nodes.add("Ceil", nodes.add("Sub", longest, nodes.constant([1e-9])))
        twice_middle = nodes.add("Add", nodes.add("Add", low, low), length)
        corner = nodes.add("Ceil", nodes.add("Div", nodes.add("Sub", twice_middle, side), nodes.constant([2.0])))
        return nodes.add("Cast", corner, to=WHOLE), nodes.add("Cast", side, to=WHOLE)


def _around(nodes: Nodes, size: str) -> tuple[str, str]:
    """Left and top (2,), and side (1,), of the square around a photo of `size` (2,): width and height."""
    side = nodes.add("ReduceMax", size, keepdims=1)
    return nodes.add("Neg", nodes.add("Div", nodes.add("Sub", side, size), nodes.whole(2))), side


def _cut(nodes: Nodes, photo: str, size: str, corner: str, side: str) -> str:
    """The square (S,S,3) of a photo (H,W,3), grey where it lies outside."""
    zero = nodes.whole(0, 0)
    before = nodes.add("Max", zero, nodes.add("Neg", corner))
    after = nodes.add("Max", zero, nodes.add("Sub", nodes.add("Add", corner, side), size))
    pads = nodes.add("Concat", before, after, axis=0)
    down_across = nodes.whole(1, 0, 3, 2)  # from x, y to y, x
    axes = nodes.whole(0, 1)
    padded = nodes.add("Pad", photo, nodes.add("Gather", pads, down_across), nodes.constant(GREY, np.uint8), axes)
    start = nodes.add("Add", corner, before)
    return nodes.add("Slice", padded, start, nodes.add("Add", start, side), nodes.whole(1, 0))
