"""Where a training loop gets its batches from: tensors in memory here, files read as it goes in `files.py`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.heads.head import Labels
from injerto.network import Batch
from injerto.together import part_of, turn_to

GATHERED = 8
"""Batches gathered at once: rows scattered in memory come in faster by the thousand, and views of them cost nothing."""


class Source(ABC):
    """Rows in batches, with their labels. Where processes share a task, each takes its part of every batch."""

    labels: dict[str, Labels]
    shared: ClassVar[bool] = False
    """Whether `batches` gives parts: `part_of` the rows, before anything is read, and `turn_to` before anything is drawn."""

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

    shared = True

    def __init__(self, examples: Examples) -> None:
        self.examples, self.labels = examples, examples.labels

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        # Without gradients there is room for larger batches.
        batch_rows = batch_rows if training else max(batch_rows, 4096)
        for some in rows.split(GATHERED * batch_rows):
            whole = some.split(batch_rows)
            parts = [part_of(part) for part in whole]
            taken = torch.cat(parts)
            gathered, labels = self.examples.batch(taken), {name: labels.take(taken) for name, labels in self.labels.items()}
            start = 0
            for batch, own in zip(whole, parts, strict=True):
                part = slice(start, start := start + len(own))
                turn_to(len(batch))
                yield gathered.part(part), {name: of_target.part(part) for name, of_target in labels.items()}


def epoch_seed(seed: int, number: int) -> int:
    """What all that is drawn in epoch `number` of a run depends on, so that a resumed run draws the same."""
    return seed * 1_000_003 + number


def shuffled(rows: Tensor, seed: int, epoch: int) -> Tensor:
    """`rows` in an order that depends on `seed` and `epoch` alone, so that a resumed run sees the same."""
    generator = torch.Generator().manual_seed(epoch_seed(seed, epoch))
    return rows[torch.randperm(len(rows), generator=generator)]
