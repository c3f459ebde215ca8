"""A small network over made-up table columns, for tests of learning."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import torch

from injerto.examples import Examples, examples_of
from injerto.features import FEATURES
from injerto.heads import HEADS
from injerto.learning.source import MemorySource
from injerto.network import Network
from injerto.progress import Silent
from injerto.schema.schema import Input, Target
from injerto.table.table import Table


@dataclass(frozen=True)
class Made:
    """A table of `rows` rows whose class follows from both columns, and a fresh network for it."""

    table: Table
    network: Network
    examples: Examples

    @property
    def source(self) -> MemorySource:
        return MemorySource(self.examples)


def made(rows: int = 400, seed: int = 0) -> Made:
    """Draw the table and build the network; the same seed gives the same weights."""
    generator = np.random.default_rng(seed)
    mass, site = generator.normal(size=rows), generator.choice(["north", "south", "west"], size=rows)
    species = np.where(mass + (site == "north") > 0.3, "owl", "wren")
    table = Table.of(pl.DataFrame({"mass": mass, "site": site, "species": species}), folder=Path("."))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        features = [
            FEATURES[kind](name, Input(kind=kind)).fit(table.column(name))  # type: ignore[arg-type]
            for name, kind in {"mass": "number", "site": "category"}.items()
        ]
        head = HEADS["class"]("species", Target(kind="class")).fit(table.column("species"))
        network = Network(features, [head], {})
    examples = examples_of(network, table, cache=None, progress=Silent())
    examples.labels = {"species": head.encode(table.column("species"))}
    return Made(table, network, examples)
