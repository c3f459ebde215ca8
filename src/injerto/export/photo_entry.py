"""Photos on their way into a graph: the largest centred square, at the size of the backbone."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.export.entry import Port
from injerto.export.file_entry import FileEntry
from injerto.export.nodes import Nodes
from injerto.features.image import ImageFeature

PIXELS = "the pixels of one photo, turned upright, red, green and blue from 0 to 255, of any size"


class PhotoEntry(FileEntry[ImageFeature]):
    """Levels (H,W,3) uint8."""

    def ports(self) -> list[Port]:
        shape = (f"height of {self.port}", f"width of {self.port}", 3)
        return [Port(self.port, "UINT8", shape, PIXELS, {"by": "photo", "columns": [self.port]}), *self.given_ports()]

    def nodes(self, nodes: Nodes) -> list[str]:
        height, width = nodes.size(self.port, 0), nodes.size(self.port, 1)
        side, two = nodes.add("Min", height, width), nodes.whole(2)
        start = nodes.add("Concat", *(_middle(nodes, length, side, two) for length in (height, width)), axis=0)
        end = nodes.add("Add", start, side)
        square = nodes.add("Slice", self.port, start, end, nodes.whole(0, 1))
        return [squeezed(nodes, square, self.feature.resolution_), *self.given_nodes(nodes)]

    def examples(self, count: int) -> list[Tensor]:
        side = self.feature.resolution_
        return [torch.zeros(1, 3, side, side, dtype=torch.uint8), *self.given_examples()]


def squeezed(nodes: Nodes, square: str, side: int) -> str:
    """(S,S,3) uint8 to (1,3,side,side) uint8, antialiased, to within one grey level of PyTorch's in few of a hundred."""
    first = nodes.add("Unsqueeze", nodes.add("Transpose", square, perm=[2, 0, 1]), nodes.whole(0))
    # Bytes are rounded after each of the two directions, as PyTorch does; beyond the edge there is nothing, not the edge again.
    how = {"mode": "linear", "antialias": 1, "exclude_outside": 1, "coordinate_transformation_mode": "half_pixel"}
    return nodes.add("Resize", first, "", "", nodes.whole(1, 3, side, side), **how)


def _middle(nodes: Nodes, length: str, side: str, two: str) -> str:
    """Where a part of length `side` begins in the middle."""
    return nodes.add("Div", nodes.add("Sub", length, side), two)
