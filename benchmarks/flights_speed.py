"""Training rows a second: Injerto's loop against a plain PyTorch loop, at the same network, one process each.

The plain loop is what a tutorial writes: an nn.Embedding a column, a TensorDataset, shuffled index batches, Adam. Two
networks, the same in both loops: number columns as they are, and number columns as waves (in the plain loop by
rtdl_num_embeddings). Run by flights.py; `python benchmarks/flights_speed.py plain raw` prints each epoch's rows a second.
"""

from __future__ import annotations

import json
import sys
import time
import warnings

import numpy as np
import torch
from flights_data import CATEGORIES, DATES, NUMBERS, TARGET, flights, with_parts
from rtdl_num_embeddings import PeriodicEmbeddings
from torch import Tensor, nn
from torch.utils.data import TensorDataset

from injerto.backbones.memory import keep_memory
from injerto.body import TabMBody
from injerto.embedders import number as waves
from injerto.embedders.category import WIDTH
from injerto.embedders.embedder import Embedder
from injerto.examples import Examples
from injerto.features import FEATURES
from injerto.heads import HEADS
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.loop import learn
from injerto.learning.plan import Plan
from injerto.learning.source import MemorySource
from injerto.network import Network
from injerto.progress import Silent
from injerto.schema.schema import Input, Target
from injerto.table.ledger import Ledger
from injerto.table.table import Table

ROWS = 100_000
BATCH_ROWS = 1024
EPOCHS = 4
LAYERS = (200, 100)


class Plain(nn.Module):
    """The tutorial's network."""

    def __init__(self, levels: list[int], numbers: int, parts: int, *, raw: bool) -> None:
        super().__init__()
        self.lookups = nn.ModuleList(nn.Embedding(count, WIDTH) for count in levels)
        self.numbers = nn.Identity() if raw else PeriodicEmbeddings(numbers, waves.WIDTH, n_frequencies=waves.WAVES, lite=False)
        width = len(levels) * WIDTH + numbers * (1 if raw else waves.WIDTH) + parts
        self.layers = nn.Sequential(
            nn.Linear(width, LAYERS[0]),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(*LAYERS),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(LAYERS[1], 2),
        )

    def forward(self, levels: list[Tensor], numbers: Tensor, parts: Tensor) -> Tensor:
        """Ids (B,) of each column, numbers (B,F) and date parts (B,P) to logits (B,2)."""
        looked_up = [lookup(ids) for lookup, ids in zip(self.lookups, levels, strict=True)]
        output: Tensor = self.layers(torch.cat([*looked_up, self.numbers(numbers).flatten(1), parts], dim=1))
        return output


class Raw(Embedder):
    """Numbers as they are, 0 where missing: the network of most tutorials."""

    def __init__(self, numbers: int) -> None:
        super().__init__()
        self.width = numbers

    def forward(self, block: Tensor) -> Tensor:
        """(B,F) to (B,F)."""
        return block.nan_to_num()


def plain(network: Network, examples: Examples, *, raw: bool) -> list[float]:
    """Rows a second of each epoch of the tutorial's loop."""
    ids, numbers, parts = (examples.scalars[kind] for kind in ("category", "number", "date"))
    columns = [ids[:, index].long().contiguous() for index in range(ids.shape[1])]
    model = Plain([int(column.max()) + 1 for column in columns], numbers.shape[1], parts.shape[1], raw=raw)
    labels = examples.labels[TARGET].value
    data = TensorDataset(*columns, numbers.nan_to_num(), parts.nan_to_num(), labels)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_of = nn.CrossEntropyLoss()
    rates = []
    for _ in range(EPOCHS):
        started = time.perf_counter()
        order = torch.randperm(len(data))
        for index in order.split(BATCH_ROWS):
            *levels, some_numbers, some_parts, target = data[index]
            loss = loss_of(model(levels, some_numbers, some_parts), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        rates.append(len(data) / (time.perf_counter() - started))
    return rates


def ours(network: Network, examples: Examples, *, raw: bool) -> list[float]:
    """Rows a second of each epoch of Injerto's loop, its bookkeeping and one judging batch included."""
    keep_memory()
    plan = Plan("speed", EPOCHS, BATCH_ROWS, 1e-3, patience=EPOCHS, average=0.99)
    rows = torch.arange(len(examples.usable))
    history = learn(network, MemorySource(examples), rows, rows[:BATCH_ROWS], plan, Checkpoint(None), Silent())
    return [len(rows) / epoch.seconds for epoch in history.epochs]


def made(*, raw: bool) -> tuple[Network, Examples]:
    """The flights table encoded, and Injerto's network at the size of the plain one."""
    table = Table.of(with_parts(flights(), 9, 9).head(ROWS))
    kinds = dict.fromkeys(NUMBERS, "number") | dict.fromkeys(CATEGORIES, "category") | dict.fromkeys(DATES, "date")
    features = [FEATURES[kind](name, Input(kind=kind)).fit(table.column(name)) for name, kind in kinds.items()]
    head = HEADS["class"](TARGET, Target(kind="class")).fit(table.column(TARGET))
    network = Network(features, [head], {})
    if raw:
        network.embedders["number"] = Raw(len(NUMBERS))
    width = sum(embedder.width for embedder in network.embedders.values())
    network.body = TabMBody(width, members=1, widths=LAYERS)
    head.graft(network.body.width, 1)
    scalars = {block.key: block.encode(table) for block in network.blocks}
    examples = Examples(scalars, {}, np.ones(len(table), dtype=bool), Ledger(), {TARGET: head.encode(table.column(TARGET))})
    return network, examples


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    loops = {"plain": plain, "injerto": ours}
    numbers_raw = sys.argv[2] == "raw"
    print(json.dumps(loops[sys.argv[1]](*made(raw=numbers_raw), raw=numbers_raw)))
