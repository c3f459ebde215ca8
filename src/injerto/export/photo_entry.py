"""Photos on their way into a graph: the largest centred square, at the size of the backbone."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from injerto.export.entry import Port
from injerto.export.file_entry import FileEntry
from injerto.export.nodes import Nodes
from injerto.export.resize import squeezed
from injerto.export.translate import Axes
from injerto.features.image import ImageFeature

PIXELS = "the pixels of one photo, turned upright, red, green and blue from 0 to 255, of any size"


class PhotoEntry(FileEntry[ImageFeature]):
    """Levels (H,W,3) uint8."""

    def ports(self) -> list[Port]:
        shape = (f"height of {self.port}", f"width of {self.port}", 3)
        read = {"by": "photo", "columns": [self.feature.name], "shortest": self.feature.resolution_}
        return [Port(self.port, "UINT8", shape, PIXELS, read), *self.given_ports()]

    def nodes(self, nodes: Nodes) -> list[str]:
        height, width = nodes.size(self.port, 0), nodes.size(self.port, 1)
        side, two = nodes.add("Min", height, width), nodes.whole(2)
        start = nodes.add("Concat", *(_middle(nodes, length, side, two) for length in (height, width)), axis=0)
        end = nodes.add("Add", start, side)
        square = nodes.add("Slice", self.port, start, end, nodes.whole(0, 1))
        return [nodes.add("Transpose", square, perm=[2, 0, 1]), *self.given_nodes(nodes)]

    def examples(self, count: int) -> list[Tensor]:
        side = self.feature.resolution_
        return [torch.zeros(3, side, side, dtype=torch.uint8), *self.given_examples()]

    def axes(self) -> Axes:
        return [square_axes(self.key), *(None for _ in self.given_examples())]

    def encode(self, given: list[Tensor]) -> Tensor:
        """A square (3,L,L) to (1,3,S,S)."""
        return squeezed(given[0], self.feature.resolution_)


def square_axes(key: str) -> dict[int, Any]:
    """A square (3,L,L) of any length."""
    length = torch.export.Dim(f"{key.replace(' ', '_')}_length", min=2)
    return {1: length, 2: length}


def _middle(nodes: Nodes, length: str, side: str, two: str) -> str:
    """Where a part of length `side` begins in the middle."""
    return nodes.add("Div", nodes.add("Sub", length, side), two)
