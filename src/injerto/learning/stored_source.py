"""Batches from rows on disk: a part at a time, each shuffled whole, while the next is read."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor

from injerto.heads.head import Labels
from injerto.learning.source import MemorySource, Source, epoch_seed
from injerto.learning.stored_rows import StoredRows, orders
from injerto.network import Batch
from injerto.together import part_of, turn_to

_Rows = tuple[Batch, dict[str, Labels]]


class StoredSource(Source):
    """Teaches from stored rows, all of them, and is judged by rows in memory.

    An epoch is a round over some of the parts, so that a pass over a hundred million rows is judged, and kept, ten times.
    """

    shared = True

    def __init__(self, stored: StoredRows, judges: MemorySource, rounds: int) -> None:
        """`rounds` is how many epochs make one pass over the rows."""
        self.stored, self.judges, self.rounds, self.labels = stored, judges, rounds, judges.labels

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        """Of the rows in memory."""
        return self.judges.batches(rows, batch_rows, training=training, seed=seed)

    def steps(self, rows: Tensor, batch_rows: int) -> int:
        """Of the longest round; `rows` are not asked for, as all stored rows teach."""
        sizes = [
            sum(self.stored.part_rows(part) for part in orders(self.stored.parts, self.rounds, 0, number))
            for number in range(self.rounds)
        ]
        return -(-max(sizes) // batch_rows)

    def epoch(self, rows: Tensor, batch_rows: int, *, seed: int, number: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        left: _Rows | None = None
        for rows_of_part in self._read(list(orders(self.stored.parts, self.rounds, seed, number)), epoch_seed(seed, number)):
            # What is left of the part before comes first, so that only a round ends with a short batch.
            some = rows_of_part if left is None else _joined(left, rows_of_part)
            whole = _length(some) // batch_rows * batch_rows
            for first in range(0, whole, batch_rows):
                yield _own(some, first, first + batch_rows)
            left = _between(some, slice(whole, None)) if whole < _length(some) else None
        if left is not None:
            yield _own(left, 0, _length(left))

    def _read(self, parts: list[int], seed: int) -> Iterator[_Rows]:
        """Each part, shuffled; the next is read meanwhile."""
        with ThreadPoolExecutor(1) as reader:
            coming = reader.submit(self.stored.read, parts[0], seed)
            for after in parts[1:]:
                ready, coming = coming, reader.submit(self.stored.read, after, seed)
                yield ready.result()
            yield coming.result()


def _length(rows: _Rows) -> int:
    return len(next(iter(rows[1].values())).known)


def _own(rows: _Rows, first: int, last: int) -> _Rows:
    """This process's part of the batch between two rows."""
    own = part_of(torch.arange(first, last)).tolist()
    turn_to(last - first)
    step = own[1] - own[0] if len(own) > 1 else 1
    return _between(rows, slice(own[0], own[-1] + 1, step))


def _between(rows: _Rows, part: slice) -> _Rows:
    return rows[0].part(part), {name: labels.part(part) for name, labels in rows[1].items()}


def _joined(one: _Rows, other: _Rows) -> _Rows:
    scalars = {key: torch.cat([block, other[0].scalars[key]]) for key, block in one[0].scalars.items()}
    labels = {
        name: Labels(torch.cat([own.value, other[1][name].value]), torch.cat([own.known, other[1][name].known]))
        for name, own in one[1].items()
    }
    return Batch(scalars), labels
