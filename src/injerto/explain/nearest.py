"""Rows that are like the one that is explained, as the network sees them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from injerto.examples import Examples
from injerto.network import Batch, Network
from injerto.places.address import Place
from injerto.table.table import Table

SHOWN = 5
_ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Neighbour:
    """A row of another table, or a photo of the gallery."""

    row: int | None
    likeness: float
    """1 is the same to the network."""
    cells: list[tuple[str, str]]
    """What is known of it: labels first, then inputs."""
    files: list[tuple[str, object]]
    """Kind and cell of each of its files."""
    folder: Place = Path()
    """Where relative paths of its files start."""
    jpeg: bytes | None = None
    """Its picture, where a gallery keeps one."""


@torch.inference_mode()
def nearest(network: Network, row: Batch, table: Table, examples: Examples, left_out: np.ndarray) -> list[tuple[int, float]]:
    """Places in `table` of the rows most like the row `row` (1), and how alike they are; not those that are `left_out` (N,).

    Likeness is the cosine of what the heads read, from the middle of the table's rows. For files alone these are their vectors.
    """
    places = np.flatnonzero(examples.usable & ~left_out)
    if not len(places):
        return []
    parts = torch.from_numpy(places).split(_ROWS_AT_ONCE)
    others = torch.cat([network.embedded(examples.batch(part)) for part in parts])
    middle = others.mean(dim=0)
    cosines = functional.normalize(others - middle, dim=1) @ functional.normalize(network.embedded(row) - middle, dim=1)[0]
    best = cosines.topk(min(SHOWN, len(cosines)))
    return [(int(places[at]), float(cosine)) for cosine, at in zip(*best, strict=True)]
