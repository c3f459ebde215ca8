"""Right whales: who is on a photo, and is it somebody new? Crops of 224 pixels, whales with three photos or more.

    python benchmarks/whales.py
    python benchmarks/whales.py --newcomers 30
    python benchmarks/whales.py --minutes 10 --seed 1

A fifth of each whale's photos is held out, and answers nothing but the figures. With `--newcomers`, so many whales are taken
out whole, too: what is said of their photos should be "new". Training goes through the door, as a user's would, with a split
column that keeps the held-out rows apart; figures are read from `evaluate`. `--minutes` is the budget of training.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import polars as pl
from machine import machine

import injerto
from injerto.schema.schema import Schema
from injerto.schema.wishes import Wishes, declare
from injerto.table.table import Table

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "right_whales"
LEAST_PHOTOS = 3
FIGURES = ("top1", "top5", "map", "log_loss", "known_recall", "new_recall", "balanced_accuracy", "auroc")


def main() -> None:
    """Train, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newcomers", type=int, default=0, help="whales taken out whole")
    parser.add_argument("--minutes", type=float, default=None)
    parser.add_argument("--epochs", type=int, default=None)
    parser.add_argument("--detail", default=None, choices=["fine", "loose", "coarse"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=None, help="keep the model here")
    chosen = parser.parse_args()
    table, tested = whales(chosen.data, chosen.newcomers, chosen.seed)
    schema = declared(table, chosen.minutes, chosen.epochs, chosen.seed)
    if chosen.detail is not None:
        whale = schema.targets["whale"].model_copy(update={"detail": chosen.detail})
        schema = schema.model_copy(update={"targets": {**schema.targets, "whale": whale}})
    print(f"{machine()}\n")
    with TemporaryDirectory() as place:
        started = perf_counter()
        model = injerto.train(table, schema=schema, out=chosen.out or Path(place) / "whales.model")
        seconds = perf_counter() - started
    (history,) = model.artifact.histories
    print(f"{model.artifact.facts['split']}\n{seconds / 60:.1f} minutes, {len(history.epochs)} epochs\n")
    found = model.evaluate(table.take(np.flatnonzero(tested))).targets["whale"]
    names = [name for name in FIGURES if name in found.figures]
    print(f"| {' | '.join(names)} |\n|{'---|' * len(names)}")
    print("| " + " | ".join(shown(found.figures[name], found.intervals.get(name)) for name in names) + " |")
    print(f"\n{model.network.head.decision.words}\n\nTune loss by minutes of training:")
    minutes = np.cumsum([epoch.seconds for epoch in history.epochs]) / 60
    print(json.dumps([[round(float(at), 1), round(one.tune_loss, 3)] for at, one in zip(minutes, history.epochs, strict=True)]))


def whales(data: Path, newcomers: int, seed: int) -> tuple[Table, np.ndarray]:
    """Photos of whales with three or more, with a column `part` that says train or test, and the rows (N,) that test."""
    frame = pl.read_csv(data / "photos.csv").select("photo", "whale", "callosity")
    frame = frame.filter(pl.len().over("whale") >= LEAST_PHOTOS)
    generator = np.random.default_rng(seed)
    names, codes = np.unique(frame["whale"].to_numpy(), return_inverse=True)
    tested = np.isin(codes, generator.permutation(len(names))[:newcomers])
    for code in range(len(names)):
        rows = generator.permutation(np.flatnonzero(codes == code))
        tested[rows[: int(len(rows) / 5 + generator.random())]] = True
    part = pl.Series("part", np.where(tested, "test", "train"))
    return Table(frame.with_columns(part), data, "whales", np.arange(len(frame))), tested


def declared(table: Table, minutes: float | None, epochs: int | None, seed: int) -> Schema:
    """Whales as individuals, callosity learned beside them."""
    wishes = Wishes(
        targets=["whale:individual", "callosity:class"],
        split="part",
        seed=seed,
        budget_seconds=None if minutes is None else 60 * minutes,
    )
    schema = declare(table, wishes)
    return schema.model_copy(update={"training": schema.training.model_copy(update={"epochs": epochs})})


def shown(figure: float, interval: tuple[float, float] | None) -> str:
    """A figure with its interval."""
    return f"{figure:.3f}" + (f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")


if __name__ == "__main__":
    main()
