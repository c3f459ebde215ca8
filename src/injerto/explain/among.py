"""The table in which rows like the one that is explained are looked for: encoded once, for as many rows as are explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from injerto.answering import with_photos
from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import contents_of
from injerto.backbones.cache import VectorCache
from injerto.examples import Examples, served_examples
from injerto.network import Network
from injerto.progress import Progress
from injerto.table.table import Table

ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Among:
    """The N rows of `table` as the network takes them, and what tells them from the row that is explained.

    Of a file nothing is kept but its vectors, float32. What the heads read is made of them anew for each row that is explained:
    of a body with many members it would take far more room.
    """

    table: Table
    examples: Examples
    contents: np.ndarray
    """What each row says, (N,) uint64; see `contents_of`."""
    middle: Tensor
    """The mean (C,) of what the heads read of the rows that can be used."""

    @classmethod
    def of(cls, artifact: Artifact, table: Table, *, cache: VectorCache | None, progress: Progress) -> Self:
        """Encode `table` for a model that answers from vectors and table columns; bad files are in `examples.ledger`.

        *Raises* ColumnError when it lacks a column that the model reads.
        """
        network = artifact.network
        assert isinstance(network, Network)
        table = with_photos(network, table, progress)
        examples, _ = served_examples(network, table, cache=cache, progress=progress)
        return cls(table, examples, contents_of(artifact.schema, table), _middle(network, examples))


@torch.no_grad()
def _middle(network: Network, examples: Examples) -> Tensor:
    """Summed part by part, in float64: rows are too many to stand side by side."""
    places = torch.from_numpy(np.flatnonzero(examples.usable))
    if not len(places):
        return torch.empty(0)
    sums = [network.embedded(examples.batch(part)).sum(dim=0, dtype=torch.float64) for part in places.split(ROWS_AT_ONCE)]
    return (torch.stack(sums).sum(dim=0) / len(places)).float()
