"""Where a training loop gets its batches from: tensors in memory here, files read as it goes in `files.py`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.heads.head import Labels
from injerto.network import Batch

GATHERED = 8
"""Batches gathered at once: rows scattered in memory come in faster by the thousand, and views of them cost nothing."""


class Source(ABC):
    """Rows in batches, with their labels."""

    labels: dict[str, Labels]

    def steps(self, rows: Tensor, batch_rows: int) -> int:
        """Batches in one epoch over `rows`."""
        return -(-len(rows) // batch_rows)

    def epoch(self, rows: Tensor, batch_rows: int, *, seed: int, number: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        """The training batches of epoch `number`: all of `rows` in an order that depends on `seed` and `number` alone."""
        return self.batches(shuffled(rows, seed, number), batch_rows, training=True, seed=epoch_seed(seed, number))

    @abstractmethod
    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        """Batches over `rows` in that order; `training` allows augmentation, drawn from `seed`."""


class MemorySource(Source):
    """Batches gathered from encoded examples."""

    def __init__(self, examples: Examples) -> None:
        self.examples, self.labels = examples, examples.labels

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        # Without gradients there is room for larger batches.
        batch_rows = batch_rows if training else max(batch_rows, 4096)
        for some in rows.split(GATHERED * batch_rows):
            gathered, labels = self.examples.batch(some), {name: labels.take(some) for name, labels in self.labels.items()}
            for start in range(0, len(some), batch_rows):
                part = slice(start, start + batch_rows)
                yield gathered.part(part), {name: of_target.part(part) for name, of_target in labels.items()}


def epoch_seed(seed: int, number: int) -> int:
    """What all that is drawn in epoch `number` of a run depends on, so that a resumed run draws the same."""
    return seed * 1_000_003 + number


def shuffled(rows: Tensor, seed: int, epoch: int) -> Tensor:
    """`rows` in an order that depends on `seed` and `epoch` alone, so that a resumed run sees the same."""
    generator = torch.Generator().manual_seed(epoch_seed(seed, epoch))
    return rows[torch.randperm(len(rows), generator=generator)]
