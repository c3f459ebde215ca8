"""Training rows a second at the entity-embedding paper's network, on its 1,017,209 rows: Injerto, peers, the machine's peak.

Lookups of the paper's widths, layers of 1,000 and 500 with a tenth dropped, batches of 1,024 for all. Each rival runs in a
process of its own and waits at every 64th batch; they take turns, and so does a product of 2,048 by 2,048 matrices, the peak.
A peer takes part when the interpreter that holds it is named:

    python benchmarks/rossmann_speed.py --python fastai=/envs/fastai/bin/python --python widedeep=/envs/wd/bin/python
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import torch
from machine import machine
from rossmann_data import DATA
from rossmann_pace import BATCH_ROWS, BATCHES, DROPOUT, EMBEDDED, HIDDEN, Pace
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import TensorDataset
from turns import Rival, my_turn

from injerto.backbones.memory import keep_memory
from injerto.body import TabMBody
from injerto.embedders.embedder import Embedder
from injerto.examples import Examples
from injerto.features import FEATURES
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

TARGET, NUMBER = "log_sales", "Promo"
EPOCHS = 1000
"""More than anybody waits for: the loops end when their process does."""
PEAK_SIDE = 2048
PEERS = ("fastai", "pytorch_tabular", "widedeep")


def every_day(folder: Path) -> pl.DataFrame:
    """The authors' columns and the log of sales (of 1 euro where the shop was shut) of all rows."""
    days = pl.read_parquet(folder / "train.parquet").with_columns(pl.col("Date").cast(pl.Date))
    states = pl.read_csv(folder / "store_states.csv", schema_overrides={"Store": days.schema["Store"]})
    date = pl.col("Date").dt
    log_sales = pl.col("Sales").clip(1).log().cast(pl.Float32).alias(TARGET)
    table = days.join(states, on="Store", how="left", maintain_order="left")
    table = table.with_columns(Year=date.year(), Month=date.month(), Day=date.day()).with_columns(log_sales)
    return table.select(pl.col(*EMBEDDED).cast(pl.String), pl.col(NUMBER).cast(pl.Float32), TARGET)


class Raw(Embedder):
    """The promotion as it is: 0 or 1."""

    def __init__(self) -> None:
        super().__init__()
        self.width = 1

    def forward(self, block: Tensor) -> Tensor:
        """(B,1) to (B,1)."""
        return block


class InTurns(MemorySource):
    """Injerto's batches, with a stop before every so many."""

    def __init__(self, examples: Examples) -> None:
        super().__init__(examples)
        self.pace = Pace()

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        """As those of MemorySource."""
        for batch in super().batches(rows, batch_rows, training=training, seed=seed):
            if training:
                self.pace.batch()
            yield batch


def ours(network: Network, examples: Examples) -> None:
    """Injerto's loop, its bookkeeping included."""
    keep_memory()
    plan = Plan("speed", EPOCHS, BATCH_ROWS, 1e-3, patience=EPOCHS, average=0.99)
    rows = torch.arange(len(examples.usable))
    learn(network, InTurns(examples), rows, rows[:BATCH_ROWS], plan, Checkpoint(None), Silent())


class Plain(nn.Module):
    """The tutorial's network."""

    def __init__(self, levels: list[int]) -> None:
        super().__init__()
        self.lookups = nn.ModuleList(nn.Embedding(count, width) for count, width in zip(levels, EMBEDDED.values(), strict=True))
        width = sum(EMBEDDED.values()) + 1
        self.layers = nn.Sequential(
            nn.Linear(width, HIDDEN[0]),
            nn.ReLU(),
            nn.Dropout(DROPOUT),
            nn.Linear(*HIDDEN),
            nn.ReLU(),
            nn.Dropout(DROPOUT),
            nn.Linear(HIDDEN[1], 1),
        )

    def forward(self, levels: list[Tensor], number: Tensor) -> Tensor:
        """Ids (B,) of each column and numbers (B,1) to answers (B,1)."""
        looked_up = [lookup(ids) for lookup, ids in zip(self.lookups, levels, strict=True)]
        answers: Tensor = self.layers(torch.cat([*looked_up, number], dim=1))
        return answers


def plain(network: Network, examples: Examples) -> None:
    """The tutorial's loop."""
    ids, number = examples.scalars["category"], examples.scalars["number"]
    columns = [ids[:, index].long().contiguous() for index in range(ids.shape[1])]
    model = Plain([int(column.max()) + 1 for column in columns])
    data = TensorDataset(*columns, number, examples.labels[TARGET].value.float().view(-1, 1))
    optimizer, pace = torch.optim.Adam(model.parameters(), lr=1e-3), Pace()
    for _ in range(EPOCHS):
        for index in torch.randperm(len(data)).split(BATCH_ROWS):
            pace.batch()
            *levels, some_number, target = data[index]
            loss = functional.mse_loss(model(levels, some_number), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def peak(network: Network, examples: Examples) -> None:
    """As many operations as the network does in 64 batches, in products of two great matrices."""
    one, other = torch.randn(2, PEAK_SIDE, PEAK_SIDE)
    into = torch.empty(PEAK_SIDE, PEAK_SIDE)
    while True:
        my_turn()
        for _ in range(products()):
            torch.mm(one, other, out=into)


def operations() -> int:
    """Multiplications and additions that a row takes: forwards, and backwards to the weights and to what came in."""
    widths = [sum(EMBEDDED.values()) + 1, *HIDDEN, 1]
    return 6 * sum(wide * next_wide for wide, next_wide in pairwise(widths))


def products() -> int:
    """Products of the peak's matrices that are nearest to a turn's work."""
    return round(operations() * BATCHES * BATCH_ROWS / (2 * PEAK_SIDE**3))


def made(days: pl.DataFrame) -> tuple[Network, Examples]:
    """The table encoded, and Injerto's network at the paper's size."""
    table = Table.of(days)
    options = {name: Input(kind="category", width=width) for name, width in EMBEDDED.items()} | {NUMBER: Input(kind="number")}
    features = [FEATURES[given.kind](name, given).fit(table.column(name)) for name, given in options.items()]
    head = HEADS["number"](TARGET, Target(kind="number")).fit(table.column(TARGET))
    network = Network(features, [head], {})
    network.embedders["number"] = Raw()
    network.body = TabMBody(sum(embedder.width for embedder in network.embedders.values()), members=1, widths=HIDDEN)
    head.graft(network.body.width, 1)
    scalars = {block.key: block.encode(table) for block in network.blocks}
    examples = Examples(scalars, {}, np.ones(len(table), dtype=bool), Ledger(), {TARGET: head.encode(table.column(TARGET))})
    return network, examples


def compare(data: Path, interpreters: dict[str, str], turns: int) -> None:
    """Print everybody's rows a second, Injerto's lead, and the share of the peak."""
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        every_day(data).write_parquet(Path(place) / "days.parquet")
        here = Path(__file__)
        commands = {name: [sys.executable, str(here), name, place] for name in ("peak", "injerto", "plain")}
        for peer, python in interpreters.items():
            commands[peer] = [python, str(here.with_name(f"rossmann_speed_{peer}.py")), place]
        rivals = {name: stack.enter_context(Rival(command)) for name, command in commands.items()}
        seconds = np.array([[rival.turn() for rival in rivals.values()] for _ in range(turns + 2)])[2:]
    taken = dict(zip(rivals, seconds.T, strict=True))
    peak_rate = 2 * PEAK_SIDE**3 * products() / taken.pop("peak")
    print("| loop | rows/s | Injerto's rows/s over this (least to greatest) | share of the peak (least to greatest) |")
    print("|---|---|---|---|")
    for name, times in taken.items():
        rate = BATCHES * BATCH_ROWS / times
        lead, share = times / taken["injerto"], rate * operations() / peak_rate
        print(
            f"| {name} | {np.median(rate):,.0f} | {np.median(lead):.2f} ({lead.min():.2f} to {lead.max():.2f}) "
            f"| {np.median(share):.0%} ({share.min():.0%} to {share.max():.0%}) |"
        )
    print(f"\nPeak: {np.median(peak_rate) / 1e9:.0f} ({peak_rate.min() / 1e9:.0f} to {peak_rate.max() / 1e9:.0f}) GFLOP/s.")


def main() -> None:
    """Read the arguments; with a loop's name, be that loop."""
    loops = {"injerto": ours, "plain": plain, "peak": peak}
    if sys.argv[1:2] and sys.argv[1] in loops:
        warnings.filterwarnings("ignore")
        loops[sys.argv[1]](*made(pl.read_parquet(Path(sys.argv[2]) / "days.parquet")))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH", help=f"peers: {', '.join(PEERS)}")
    given = parser.parse_args()
    print(f"{machine()}, {os.environ.get('OMP_NUM_THREADS', 'all')} threads; {given.turns} turns of {BATCHES} batches.\n")
    compare(given.data, dict(pair.split("=", 1) for pair in given.python), given.turns)


if __name__ == "__main__":
    main()
