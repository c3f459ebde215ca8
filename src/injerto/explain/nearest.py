"""Rows that are like the one that is explained, as the network sees them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from injerto.explain.among import Among
from injerto.network import Batch, Network
from injerto.places.address import Place

SHOWN = 5


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
def nearest(network: Network, row: Batch, among: Among, left_out: np.ndarray) -> list[tuple[int, float]]:
    """Places in `among` of the rows most like the row `row` (1), and how alike they are; not those that are `left_out` (N,).

    Likeness is the cosine of what the heads read, from the middle of the table's rows. For files alone these are their vectors.
    """
    counts = torch.from_numpy(~left_out[among.places])
    if not counts.any():
        return []
    cosines = among.directions @ functional.normalize(network.embedded(row) - among.middle, dim=1)[0]
    best = cosines.masked_fill(~counts, -torch.inf).topk(min(SHOWN, int(counts.sum())))
    return [(int(among.places[at]), float(cosine)) for cosine, at in zip(*best, strict=True)]
