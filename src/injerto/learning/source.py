"""Where a training loop gets its batches from: tensors in memory here, files read as it goes in `files.py`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.heads.head import Labels
from injerto.network import Batch


class Source(ABC):
    """Rows in batches, with their labels."""

    labels: dict[str, Labels]

    @abstractmethod
    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        """Batches over `rows` in that order; `training` allows augmentation, drawn from `seed`."""


class MemorySource(Source):
    """Batches gathered from encoded examples."""

    def __init__(self, examples: Examples) -> None:
        self.examples, self.labels = examples, examples.labels

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        # Without gradients there is room for larger batches.
        for part in rows.split(batch_rows if training else max(batch_rows, 4096)):
            yield self.examples.batch(part), {name: labels.take(part) for name, labels in self.labels.items()}


def shuffled(rows: Tensor, seed: int, epoch: int) -> Tensor:
    """`rows` in an order that depends on `seed` and `epoch` alone, so that a resumed run sees the same."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return rows[torch.randperm(len(rows), generator=generator)]
