"""The rows that stand in for a column that is left out: what they hold, as the network takes it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.network import Batch, Network
from injerto.reference.reference import Reference

MOST_ROWS = 100
"""Background rows at most: each set of columns is asked with all of them."""


@dataclass(frozen=True)
class Background:
    """`batch` holds M rows; `words` say where they come from."""

    batch: Batch
    words: str

    def __len__(self) -> int:
        parts = [*self.batch.scalars.values(), *self.batch.vectors.values()]
        return len(parts[0])


def of_table(examples: Examples, words: str, *, seed: int = 0) -> Background | None:
    """Some of the usable rows of `examples`; None where there is none."""
    usable = np.flatnonzero(examples.usable)
    if not len(usable):
        return None
    rows = torch.from_numpy(usable[drawn(len(usable), MOST_ROWS, seed)])
    return Background(examples.batch(rows), words)


def of_reference(network: Network, reference: Reference | None, *, seed: int = 0) -> Background | None:
    """Some of the rows that the model keeps; None where it keeps none, or keeps less than a whole cell of some column."""
    if reference is None or network.media:
        return None
    return _kept(network, reference, "rows that taught the model, which it keeps", seed)


def of_directions(network: Network, reference: Reference | None, *, seed: int = 0) -> Background | None:
    """As `of_reference`, for rows with files as well: of their vectors the directions are kept, and all take the usual length.

    The squares of what embedders make of training files sum to their width times the square of their say, on average.
    """
    if reference is None:
        return None
    return _kept(network, reference, "rows that taught the model, of whose files it keeps the directions of vectors", seed)


def _kept(network: Network, reference: Reference, words: str, seed: int) -> Background | None:
    scalars: dict[str, Tensor] = {}
    vectors: dict[str, Tensor] = {}
    for block in network.blocks:
        if block.key in network.media:
            vectors |= _vectors(network, reference, block.features[0].name) if block.key not in vectors else {}
            continue
        parts = [reference.columns[feature.name].encoded(feature) for feature in block.features]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        scalars[block.key] = torch.cat([part if part.ndim > 1 else part[:, None] for part in known], dim=1)
    rows = torch.from_numpy(drawn(len(reference.units), MOST_ROWS, seed))
    if not len(rows):
        return None
    return Background(Batch(*({key: values[rows] for key, values in one.items()} for one in (scalars, vectors))), words)


def _vectors(network: Network, reference: Reference, name: str) -> dict[str, Tensor]:
    """By block, the vectors (M,C) of the column of files `name`, at which several backbones may look."""
    looks = {block.key: network.media[block.key] for block in network.blocks if block.features[0].name == name}
    length = math.sqrt(sum(one.width * one.say**2 for one in looks.values()))
    parts = (reference.columns[name].cells.float() * length).split([one.width for one in looks.values()], dim=1)
    return {key: part * one.scale + one.mean for (key, one), part in zip(looks.items(), parts, strict=True)}


def drawn(count: int, most: int, seed: int) -> np.ndarray:
    """Places of at most `most` of `count` rows, rising."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False))
