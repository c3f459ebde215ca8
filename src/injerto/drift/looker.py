"""Who looks at the rows of a new table for `drift`: this process, or others; what of it is compared is the same."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from injerto.answering import answers_of, placed, served
from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.errors import DriftError
from injerto.examples import Examples
from injerto.photos import Photos
from injerto.progress import Progress
from injerto.reference.cells import cells_of
from injerto.reference.unlike import Unlike, unlike
from injerto.table.ledger import Ledger
from injerto.table.table import Table


@dataclass(frozen=True)
class Seen:
    """What is said of all rows (N,) of a table."""

    usable: np.ndarray
    """(N,) bool."""
    ledger: Ledger
    unlike: Unlike
    readable: Table
    """The table without cells that cannot be used."""


@dataclass(frozen=True)
class Some:
    """Of some rows (n,): their cells as a reference keeps them, by column, and the answers to them, by target."""

    cells: dict[str, Tensor]
    answers: dict[str, Tensor]


class Looker(ABC):
    """Looks at a table as training did: a difference of bits alone would be a drift."""

    @abstractmethod
    def whole(self, table: Table) -> Seen:
        """All rows of `table`, whose photos go by the model's name for them. *Raises* ColumnError when it lacks a column."""

    @abstractmethod
    def some(self, rows: np.ndarray) -> Some:
        """The rows at `rows` (n,) of that table, which can be used."""


class Here(Looker):
    """This process, which keeps what it looked at."""

    def __init__(self, artifact: Artifact, cache: VectorCache | None, progress: Progress) -> None:
        self.artifact, self.cache, self.progress = artifact, cache, progress

    def whole(self, table: Table) -> Seen:
        network, reference = self.artifact.network, self.artifact.reference
        assert reference is not None  # who asks has made sure
        self.examples, self.readable = served(network, table, cache=self.cache, progress=self.progress, engine="auto")
        judged = unlike(reference, network, self.examples, self.readable)
        return Seen(self.examples.usable, self.examples.ledger, judged, self.readable)

    def some(self, rows: np.ndarray) -> Some:
        return some_of(self.artifact, self.examples, self.readable, rows, self.progress)


def some_of(artifact: Artifact, examples: Examples | Photos, table: Table, rows: np.ndarray, progress: Progress) -> Some:
    """Cells and answers of the rows at `rows` (n,) of `table`, whose `examples` are given."""
    network, reference = artifact.network, artifact.reference
    if reference is None:
        raise DriftError("The model keeps nothing of its training rows.")
    cells = cells_of(network, examples, table, torch.from_numpy(rows))
    if not reference.answers:
        return Some(cells, {})
    return Some(cells, placed(network, table.take(rows), answers_of(network, examples, rows, progress)))
