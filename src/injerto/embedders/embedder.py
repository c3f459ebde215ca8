"""The contract of every embedder: one block of encoded cells to one vector a row."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn


class Embedder(nn.Module, ABC):
    """Turns a block of encoded cells into (B, width). `width` is known once the embedder is made."""

    width: int

    @abstractmethod
    def forward(self, block: Tensor) -> Tensor:
        """(B, ...) as the block's features encode it, to (B, width)."""


class MediaEmbedder(Embedder):
    """An embedder with a backbone inside: files of one column, or their vectors computed before."""

    @abstractmethod
    def from_vector(self, vector: Tensor) -> Tensor:
        """Vectors of the frozen backbone (B,C), a row of NaN where the cell was empty, to (B, width)."""
