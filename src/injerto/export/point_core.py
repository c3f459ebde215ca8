"""What a network of points computes between the nodes before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn

from injerto.export.answer import Answer
from injerto.export.entry import Entry
from injerto.export.keypoints_answer import in_pixels
from injerto.export.plain import plain
from injerto.network import PHOTO, Batch
from injerto.point_network import SOURCE, PointNetwork


class PointCore(nn.Module):
    """A photo in its square, where the square lies, and who placed the points, to points in pixels."""

    def __init__(self, network: PointNetwork, entries: Sequence[Entry[Any]], answer: Answer[Any]) -> None:
        super().__init__()
        self.network, self.photo, self.answer = plain(network), entries[0], answer
        self.head = self.network.head

    def forward(self, square: Tensor, place: Tensor, source: Tensor | None = None) -> dict[str, Tensor]:
        """(3,L,L) uint8, (3,) and, where the model asks, ids (1,)."""
        pixels = self.photo.encode([square])
        scalars = {} if source is None else {SOURCE: source[:, None]}
        located = self.network.located(Batch(scalars, raw={PHOTO: pixels}))
        return self.answer.tensors(in_pixels(self.head.answer(located), place))
