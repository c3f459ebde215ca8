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
from injerto.explain.background import Background, of_table
from injerto.network import Network
from injerto.progress import Progress, Step
from injerto.table.ledger import Ledger
from injerto.table.table import Table

ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Among:
    """The N rows of `table`, of which M can be used, as the heads of a network read them."""

    table: Table
    ledger: Ledger
    """Cells that could not be used."""
    contents: np.ndarray
    """What each row says, (N,) uint64; see `contents_of`."""
    places: np.ndarray
    """Where in the table the rows stand that can be used, (M,)."""
    middle: Tensor
    """The mean (C,) of what the heads read of them."""
    directions: Tensor
    """From there to each of them, (M,C) float32 of length 1: nothing else is kept of their vectors."""
    background: Background | None
    """Some of them, to stand in for columns that are left out; None where there is none."""

    @classmethod
    def of(cls, artifact: Artifact, table: Table, *, cache: VectorCache | None, progress: Progress) -> Self:
        """Encode `table` for a model that answers from vectors and table columns.

        *Raises* ColumnError when it lacks a column that the model reads.
        """
        network = artifact.network
        assert isinstance(network, Network)
        table = with_photos(network, table, progress)
        examples, _ = served_examples(network, table, cache=cache, progress=progress)
        places = np.flatnonzero(examples.usable)
        contents = contents_of(artifact.schema, table)
        with progress.step(f"reading rows of {table.name}", len(places)) as step:
            middle, directions = _directions(network, examples, places, step)
        background = of_table(examples, f"rows of '{table.name}'")
        return cls(table, examples.ledger, contents, places, middle, directions, background)


@torch.no_grad()
def _directions(network: Network, examples: Examples, places: np.ndarray, step: Step) -> tuple[Tensor, Tensor]:
    """The middle (C,) of what the heads read of the rows at `places` (M,), and the directions (M,C) from there to each.

    Part by part and in place: there may be a hundred thousand rows of a thousand numbers.
    """
    if not len(places):
        return torch.empty(0), torch.empty(0, 0)
    parts = torch.from_numpy(places).split(ROWS_AT_ONCE)
    read = torch.empty(len(places), network.embedded(examples.batch(parts[0][:1])).shape[1])
    for part, into in zip(parts, read.split(ROWS_AT_ONCE), strict=True):
        into.copy_(network.embedded(examples.batch(part)))
        step.advance(len(part))
    sums = torch.stack([part.sum(dim=0, dtype=torch.float64) for part in read.split(ROWS_AT_ONCE)])
    middle = (sums.sum(dim=0) / len(places)).float()
    for part in read.split(ROWS_AT_ONCE):
        part.sub_(middle)
        part.div_(part.norm(dim=1, keepdim=True).clamp_min(1e-12))
    return middle, read
