"""Lookups: how fast rows are found, and a column of ten million levels trained by rows.

    python benchmarks/lookups.py [--levels 10000000] [--steps 200]

Finding rows stands beside numpy copying as many bytes (one array into a new one), the two by turns. Training
stands beside the same network whose lookup is a plain nn.Embedding under Adam, with dense gradients, as tutorials write it.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np
import polars as pl
import torch
from machine import machine
from torch import nn

from injerto.backbones.memory import keep_memory
from injerto.embedders.category import CategoryEmbedder
from injerto.features.category import CategoryFeature
from injerto.features.vocabulary import FIRST
from injerto.learning.adam import AdamW
from injerto.learning.multipliers import Group
from injerto.schema.schema import Input
from injerto.table.column import Column

WIDTH = 16
BATCH_ROWS = 1024
TURNS = 41
DENSE_STEPS = 5


def seconds(work: Callable[[], object], times: int) -> float:
    """Of one piece of work, the mean over `times`."""
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times


def finding(levels: int, rows: int) -> str:
    """A table line: our lookup of `rows` cells, in units of numpy's copy of the same bytes."""
    generator = np.random.default_rng(0)
    feature = CategoryFeature("level", Input(kind="category", width=WIDTH))
    feature.restore(
        {"levels": [str(level) for level in range(levels)], "counts": [0, 0, *[100] * levels], "width": WIDTH, "places": 1}
    )
    embedder = CategoryEmbedder([feature]).eval()
    ids = torch.from_numpy(generator.integers(0, levels + FIRST, (rows, 1)).astype(np.int32))
    copied = generator.standard_normal((rows, WIDTH), dtype=np.float32)
    times = max(1, 4_000_000 // (rows * WIDTH))
    with torch.inference_mode():
        pairs = [(seconds(lambda: embedder(ids), times), seconds(copied.copy, times)) for _ in range(TURNS)]
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    ours, theirs = np.median(np.array(pairs), axis=0) * 1e6
    return (
        f"| {levels:,} | {rows:,} | {ours:,.0f} | {theirs:,.0f} | {ratios[len(ratios) // 2]:.2f} "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}) |"
    )


class Ours(nn.Module):
    """Injerto's lookup before a small network."""

    def __init__(self, feature: CategoryFeature) -> None:
        super().__init__()
        self.lookup = CategoryEmbedder([feature])
        self.layers = nn.Sequential(nn.Linear(WIDTH, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Ids (B,1) to answers (B,1)."""
        answers: torch.Tensor = self.layers(self.lookup(ids))
        return answers


class Plain(nn.Module):
    """nn.Embedding with dense gradients before the same network."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.lookup = nn.Embedding(rows, WIDTH)
        self.layers = nn.Sequential(nn.Linear(WIDTH, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Ids (B,1) to answers (B,1)."""
        answers: torch.Tensor = self.layers(self.lookup(ids[:, 0].long()))
        return answers


def gigabytes() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def training(levels: int, steps: int) -> None:
    """Print what a column of so many levels costs, from text to a trained lookup."""
    generator = np.random.default_rng(0)
    started = time.perf_counter()
    cells = pl.Series("level", np.concatenate([np.arange(levels), generator.integers(0, levels, levels // 5)])).cast(pl.String)
    column = Column("level", cells, None, np.arange(len(cells)))  # type: ignore[arg-type]
    made = time.perf_counter()
    feature = CategoryFeature("level", Input(kind="category", min_count=1, width=WIDTH)).fit(column)
    fitted = time.perf_counter()
    ids = feature.encode(column)[:, None]
    encoded = time.perf_counter()
    print(
        f"{levels:,} levels in {len(cells):,} cells: vocabulary {fitted - made:.1f} s, encoded {encoded - fitted:.1f} s; "
        f"{gigabytes():.1f} GB at most (making the cells took {made - started:.1f} s).",
        flush=True,
    )
    answers = torch.from_numpy(generator.standard_normal((len(ids), 1), dtype=np.float32))
    print(by_rows(Ours(feature), ids, answers, steps), flush=True)
    print(dense(Plain(feature.rows), ids, answers, DENSE_STEPS), flush=True)


def by_rows(model: nn.Module, ids: torch.Tensor, answers: torch.Tensor, steps: int) -> str:
    """Steps of Injerto's optimizer, which moves the rows of the batch."""
    optimizer = AdamW([Group("all", 1.0, list(model.parameters()))], 1e-3, 0.01)
    taken = timed(model, ids, answers, steps, optimizer.forget_gradients, lambda: optimizer.step(1.0))
    return f"By rows: {taken}; {gigabytes():.1f} GB at most."


def dense(model: nn.Module, ids: torch.Tensor, answers: torch.Tensor, steps: int) -> str:
    """Steps of torch's Adam, which moves every row."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    taken = timed(model, ids, answers, steps, optimizer.zero_grad, optimizer.step)
    return f"nn.Embedding, dense gradients: {taken}; {gigabytes():.1f} GB at most."


def timed(
    model: nn.Module,
    ids: torch.Tensor,
    answers: torch.Tensor,
    steps: int,
    forget: Callable[[], object],
    move: Callable[[], object],
) -> str:
    """Milliseconds of a step, the first left out: median (least to greatest)."""
    generator = np.random.default_rng(1)

    def step() -> None:
        rows = torch.from_numpy(generator.integers(0, len(ids), BATCH_ROWS))
        loss = (model(ids[rows]) - answers[rows]).square().mean()
        forget()
        loss.backward()  # type: ignore[no-untyped-call]
        move()

    step()
    taken = sorted(1e3 * seconds(step, 1) for _ in range(steps))
    return f"{taken[len(taken) // 2]:.1f} ms a step of {BATCH_ROWS} rows ({taken[0]:.1f} to {taken[-1]:.1f})"


def main() -> None:
    """Read the arguments, print both parts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--levels", type=int, default=10_000_000)
    parser.add_argument("--steps", type=int, default=200)
    given = parser.parse_args()
    keep_memory()
    print(f"{machine()}\n\n| levels | cells | lookup, µs | numpy's copy, µs | times |\n|---|---|---|---|---|")
    for levels, rows in ((1_115, 4_096), (1_115, 65_536), (4_043, 4_096), (4_043, 65_536), (1_000_000, 65_536)):
        print(finding(levels, rows), flush=True)
    print()
    training(given.levels, given.steps)


if __name__ == "__main__":
    main()
