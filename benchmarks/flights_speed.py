"""Training rows a second: Injerto's loop against a plain PyTorch loop, at the same network, one process each.

The plain loop is what a tutorial writes: an nn.Embedding a column, a TensorDataset, shuffled index batches, Adam. Three
networks, each the same in both loops: number columns as they are before layers of 200 and 100; number columns as waves (in the
plain loop by rtdl_num_embeddings) before the same layers; and waves before 8 members of 128 and 128, which is what Injerto
trains (in the plain loop by the tabm package). flights.py lets the two take turns, an epoch each;
`python benchmarks/flights_speed.py plain raw` is one of them, and waits for Enter before each epoch.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator

import numpy as np
import tabm
import torch
from flights_data import CATEGORIES, DATES, NUMBERS, TARGET, flights, with_parts
from rtdl_num_embeddings import PeriodicEmbeddings
from torch import Tensor, nn
from torch.utils.data import TensorDataset
from turns import my_turn

from injerto.backbones.memory import keep_memory
from injerto.body import MEMBERS, WIDTHS, TabMBody
from injerto.embedders import number as waves
from injerto.embedders.embedder import Embedder
from injerto.examples import Examples
from injerto.features import FEATURES
from injerto.features.levels import width_for
from injerto.features.number import NumberFeature
from injerto.features.vocabulary import FIRST
from injerto.heads import HEADS
from injerto.heads.head import Labels
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.loop import learn
from injerto.learning.plan import Plan
from injerto.learning.source import MemorySource
from injerto.network import Batch, Network
from injerto.progress import Silent
from injerto.schema.schema import Input, Target
from injerto.table.ledger import Ledger
from injerto.table.table import Table

ROWS = 100_000
BATCH_ROWS = 1024
EPOCHS = 1000
"""More than anybody waits for: the loops end when their process does."""
LAYERS = (200, 100)
NETWORKS = ("raw", "waves", "members")


class Plain(nn.Module):
    """The tutorial's network."""

    def __init__(self, levels: list[int], numbers: int, parts: int, kind: str) -> None:
        super().__init__()
        widths = [width_for(count - FIRST) for count in levels]
        self.lookups = nn.ModuleList(nn.Embedding(count, width) for count, width in zip(levels, widths, strict=True))
        raw = kind == "raw"
        self.numbers = nn.Identity() if raw else PeriodicEmbeddings(numbers, waves.WIDTH, n_frequencies=waves.WAVES, lite=False)
        width = sum(widths) + numbers * (1 if raw else waves.WIDTH) + parts
        self.layers = members(width) if kind == "members" else layers(width)

    def forward(self, levels: list[Tensor], numbers: Tensor, parts: Tensor) -> Tensor:
        """Ids (B,) of each column, numbers (B,F) and date parts (B,P) to logits (B,2), or (B,members,2)."""
        looked_up = [lookup(ids) for lookup, ids in zip(self.lookups, levels, strict=True)]
        output: Tensor = self.layers(torch.cat([*looked_up, self.numbers(numbers).flatten(1), parts], dim=1))
        return output


def layers(width: int) -> nn.Sequential:
    """Dense layers as every tutorial writes them."""
    return nn.Sequential(
        nn.Linear(width, LAYERS[0]),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(*LAYERS),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(LAYERS[1], 2),
    )


def members(width: int) -> nn.Sequential:
    """TabM by its authors' package."""
    backbone = tabm.MLPBackboneBatchEnsemble(
        d_in=width,
        n_blocks=len(WIDTHS),
        d_block=WIDTHS[0],
        dropout=0.1,
        k=MEMBERS,
        tabm_init=True,
        scaling_init="random-signs",
        start_scaling_init_chunks=None,
    )
    return nn.Sequential(tabm.EnsembleView(k=MEMBERS), backbone, tabm.LinearEnsemble(WIDTHS[-1], 2, k=MEMBERS))


class Raw(Embedder):
    """Numbers as they are, 0 where missing: the network of most tutorials."""

    def __init__(self, numbers: int) -> None:
        super().__init__()
        self.width = numbers

    def forward(self, block: Tensor) -> Tensor:
        """(B,F) to (B,F)."""
        return block.nan_to_num()


def plain(network: Network, examples: Examples, kind: str) -> None:
    """The tutorial's loop."""
    ids, numbers, parts = (examples.scalars[block] for block in ("category", "number", "date"))
    columns = [ids[:, index].long().contiguous() for index in range(ids.shape[1])]
    model = Plain([int(column.max()) + 1 for column in columns], numbers.shape[1], parts.shape[1], kind)
    labels = examples.labels[TARGET].value
    data = TensorDataset(*columns, numbers.nan_to_num(), parts.nan_to_num(), labels)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_of = nn.CrossEntropyLoss()
    for _ in range(EPOCHS):
        my_turn()
        order = torch.randperm(len(data))
        for index in order.split(BATCH_ROWS):
            *levels, some_numbers, some_parts, target = data[index]
            logits = model(levels, some_numbers, some_parts)
            if kind == "members":
                logits, target = logits.flatten(0, 1), target.repeat_interleave(MEMBERS)
            loss = loss_of(logits, target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


class InTurns(MemorySource):
    """Injerto's batches; the first of an epoch waits for its turn."""

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        """As those of MemorySource."""
        if training:
            my_turn()
        yield from super().batches(rows, batch_rows, training=training, seed=seed)


def ours(network: Network, examples: Examples, kind: str) -> None:
    """Injerto's loop, its bookkeeping and one judging batch included."""
    keep_memory()
    plan = Plan("speed", EPOCHS, BATCH_ROWS, 1e-3, patience=EPOCHS, average=0.99)
    rows = torch.arange(len(examples.usable))
    learn(network, InTurns(examples), rows, rows[:BATCH_ROWS], plan, Checkpoint(None), Silent())


def made(kind: str) -> tuple[Network, Examples]:
    """The flights table encoded, and Injerto's network at the size of the plain one."""
    table = Table.of(with_parts(flights(), 9, 9).head(ROWS))
    kinds = dict.fromkeys(NUMBERS, "number") | dict.fromkeys(CATEGORIES, "category") | dict.fromkeys(DATES, "date")
    features = [FEATURES[name](column, Input(kind=name)).fit(table.column(column)) for column, name in kinds.items()]
    for feature in features:
        if isinstance(feature, NumberFeature):
            feature.repeats_, feature.counts_ = [], []  # the plain loop's networks have no offsets of single numbers
    head = HEADS["class"](TARGET, Target(kind="class")).fit(table.column(TARGET))
    network = Network(features, [head], {})
    if kind == "raw":
        network.embedders["number"] = Raw(len(NUMBERS))
    if kind != "members":
        width = sum(embedder.width for embedder in network.embedders.values())
        network.body = TabMBody(width, members=1, widths=LAYERS)
        head.graft(network.body.width, 1)
    scalars = {block.key: block.encode(table) for block in network.blocks}
    examples = Examples(scalars, {}, np.ones(len(table), dtype=bool), Ledger(), {TARGET: head.encode(table.column(TARGET))})
    return network, examples


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    loops = {"plain": plain, "injerto": ours}
    loops[sys.argv[1]](*made(sys.argv[2]), sys.argv[2])
