"""What may a model do with a level it never saw? Whole stores and whole planes are held out of the training rows.

One trained model answers for them with four rows in the place of theirs: the trained UNKNOWN row (Injerto as it is), a
random one, zeros, and the row of the most frequent level; nothing else differs. Levels are held out in turns, so that
every store or plane of the turns that run is judged once; intervals (95 %) are over held-out levels, not rows.

    python benchmarks/unseen_levels.py
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import torch
from flights_data import CATEGORIES, DATES, NUMBERS, TARGET, flights
from machine import machine

from injerto.artifact.artifact import Artifact
from injerto.embedders import levels as embedded_levels
from injerto.embedders.category import CategoryEmbedder
from injerto.embedders.lookup import Lookup
from injerto.features.vocabulary import FIRST, UNKNOWN
from injerto.metrics import rank_auc
from injerto.predict import predict
from injerto.schema.schema import Input, InputKind, Schema, Split, Target, Training
from injerto.table.table import Table
from injerto.train import train

ROSSMANN = Path(__file__).parents[2] / "shared" / "data" / "rossmann"
TURNS = 6
"""Levels are dealt into this many parts; a turn holds one of them out."""
RANDOM_ROWS = 10
BOOTSTRAPS = 1000
WAYS = ("trained UNKNOWN", "random", "zeros", "most frequent", "mean of the rows")


@dataclass(frozen=True)
class Task:
    """A table, what to learn from it, and the column whose levels are held out."""

    name: str
    table: pl.DataFrame
    inputs: dict[str, InputKind]
    target: str
    kind: str
    held_out: str
    figures: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]]
    """By name, the loss of each row (N,) from truth and answer; `rmse` is the root of its mean. AUC comes by itself."""


def stores(rows: int, facts: bool) -> Task:
    """Days on which Rossmann's stores sold anything; the answer is the logarithm of the sales."""
    table = pl.read_parquet(ROSSMANN / "train.parquet").filter(pl.col("Sales") > 0).sample(rows, seed=0)
    states = pl.read_csv(ROSSMANN / "store_states.csv").cast({"Store": pl.Int32})
    about = pl.read_csv(ROSSMANN / "store.csv").cast({"Store": pl.Int32})
    table = table.join(states, on="Store", how="left").join(about, on="Store", how="left")
    table = table.with_columns(sales=pl.col("Sales").cast(pl.Float64).log(), Date=pl.col("Date").cast(pl.Date))
    inputs: dict[str, InputKind] = {"Date": "date", "Store": "category"}
    inputs |= dict.fromkeys(["DayOfWeek", "Promo", "StateHoliday", "SchoolHoliday", "State"], "category")
    if facts:
        inputs |= {"StoreType": "category", "Assortment": "category", "CompetitionDistance": "number", "Promo2": "category"}
    figures = {"rmse": lambda true, said: (said - true) ** 2, "mape": lambda true, said: np.abs(np.expm1(said - true))}
    name = f"stores, {'with' if facts else 'without'} store.csv"
    return Task(name, table.select("sales", *inputs), inputs, "sales", "number", "Store", figures)


def planes(rows: int) -> Task:
    """Flights out of New York: is this one late?"""
    table = flights().filter(pl.col("tailnum").is_not_null()).sample(rows, seed=0)
    inputs: dict[str, InputKind] = dict.fromkeys(DATES, "date")
    inputs |= dict.fromkeys(NUMBERS, "number") | dict.fromkeys(CATEGORIES, "category")
    return Task("planes", table, inputs, TARGET, "class", "tailnum", {"log_loss": _log_loss})


def _log_loss(true: np.ndarray, said: np.ndarray) -> np.ndarray:
    return -np.log(np.clip(np.where(true > 0, said, 1 - said), 1e-15, 1))


@contextmanager
def hidden(count: int) -> Iterator[None]:
    """Within, training hides `count` of 256 ids as UNKNOWN."""
    before, embedded_levels.HIDDEN = embedded_levels.HIDDEN, count
    try:
        yield
    finally:
        embedded_levels.HIDDEN = before


@contextmanager
def unknown_row(lookup: Lookup, name: str, row: torch.Tensor) -> Iterator[None]:
    """Within, levels of the column that training never saw are looked up as `row` (width,); seen ones as before."""
    key, start, _ = lookup.names[name]
    place = start + UNKNOWN
    with torch.no_grad():
        lookup.offset[place], lookup.trust[place] = row - lookup.unknown[lookup.vocabularies.index(key)], 1
        try:
            yield
        finally:
            lookup.offset[place], lookup.trust[place] = 0, 0


def rows_instead(lookup: Lookup, name: str, seed: int) -> dict[str, list[torch.Tensor]]:
    """By way, the rows (width,) to answer with; a random one is drawn with the mean and spread of the levels' own rows."""
    matrix = lookup.matrix(name)
    levels = matrix[FIRST:]
    drawn = torch.randn(RANDOM_ROWS, levels.shape[1], generator=torch.Generator().manual_seed(seed))
    random = list(levels.mean(0) + levels.std(0) * drawn)
    frequent = levels[int(lookup.trusted(name)[FIRST:].argmax())]
    found = [[matrix[UNKNOWN]], random, [torch.zeros_like(frequent)], [frequent], [levels.mean(0)]]
    return dict(zip(WAYS, found, strict=True))


def answers(artifact: Artifact, task: Task, held_out: pl.DataFrame) -> np.ndarray:
    """Answers (N,) for the rows: the chance of late, or the logarithm of the sales."""
    said = predict(artifact, Table.of(held_out.select(*task.inputs))).answers
    if task.kind == "number":
        return said[task.target].to_numpy()
    return next(said[name] for name in said.columns if name.endswith("late") and said[name].dtype.is_float()).to_numpy()


@dataclass
class Judged:
    """Of all turns together: the truth (N,), the held-out level of each row (N,), and the answers (N,R) of each way."""

    truth: np.ndarray
    levels: np.ndarray
    said: dict[str, np.ndarray]
    seconds: float


def judge(task: Task, turns: int, epochs: int) -> Judged:
    """Hold out the levels of each turn, train on the rest, and answer for them in every way."""
    started = time.perf_counter()
    codes = task.table[task.held_out].rank("dense").to_numpy().astype(np.int64) - 1
    part = np.random.default_rng(0).permutation(int(codes.max()) + 1) % TURNS
    inputs = {name: Input(kind=kind) for name, kind in task.inputs.items()}
    parts: list[tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]] = []
    for turn in range(turns):
        out = part[codes] == turn
        # Tune rows are drawn from the seen levels, so that nothing prepares the model for unseen ones but its own training.
        split, training = Split(test_share=0), Training(seed=turn, epochs=epochs)
        schema = Schema(inputs=inputs, targets={task.target: Target(kind=task.kind)}, split=split, training=training)
        artifact = train(Table.of(task.table.filter(~out).select(task.target, *task.inputs)), schema)
        embedder = artifact.network.embedders["category"]
        assert isinstance(embedder, CategoryEmbedder)
        lookup = embedder.lookup(task.held_out)
        held_out, said = task.table.filter(out), {}
        for way, rows in rows_instead(lookup, task.held_out, turn).items():
            columns = []
            for row in rows:
                with unknown_row(lookup, task.held_out, row):
                    columns.append(answers(artifact, task, held_out))
            said[way] = np.stack(columns, axis=1)
        parts.append((_truth(task, held_out), codes[out], said))
    truth, levels, every = zip(*parts, strict=True)
    together = {way: np.concatenate([said[way] for said in every]) for way in WAYS}
    return Judged(np.concatenate(truth), np.concatenate(levels), together, time.perf_counter() - started)


def _truth(task: Task, rows: pl.DataFrame) -> np.ndarray:
    column = rows[task.target]
    return column.to_numpy() if task.kind == "number" else (column == "late").to_numpy().astype(np.float64)


def draws(task: Task, judged: Judged) -> dict[str, np.ndarray]:
    """By figure, (ways, 1 + draws): the figure of all rows first, then of levels drawn with replacement.

    Every way is judged on the same draws. Where a way has several rows, the mean of their figures stands for it.
    """
    place = np.unique(judged.levels, return_inverse=True)[1]
    count = int(place.max()) + 1
    random = np.random.default_rng(0)
    times = np.array(
        [np.ones(count)] + [np.bincount(random.integers(count, size=count), minlength=count) for _ in range(BOOTSTRAPS)]
    )
    sizes = times @ np.bincount(place)
    found = {}
    for name, loss in task.figures.items():
        lines = []
        for said in judged.said.values():
            sums = [
                times @ np.bincount(place, weights=loss(judged.truth, said[:, one])) / sizes for one in range(said.shape[1])
            ]
            lines.append(np.mean([np.sqrt(line) if name == "rmse" else line for line in sums], axis=0))
        found[name] = np.array(lines)
    if task.kind == "class":
        found["auc"] = np.array([_aucs(judged.truth, said, place, times) for said in judged.said.values()])
    return found


def _aucs(truth: np.ndarray, said: np.ndarray, place: np.ndarray, times: np.ndarray) -> np.ndarray:
    """AUC (1 + draws,), each row counted as often as its level was drawn; the first by the metric that Injerto reports."""
    lines = []
    for column in said.T:
        order = np.argsort(column, kind="stable")
        late, level = truth[order] > 0, place[order]
        line = []
        for counts in times:
            weight = counts[level]
            below = np.cumsum(np.where(late, 0, weight))
            line.append((weight * below)[late].sum() / (weight[late].sum() * below[-1]))
        lines.append([rank_auc(truth, column), *line[1:]])
    return np.mean(lines, axis=0)


def show(task: Task, judged: Judged, hiding: int) -> None:
    """One line a way, beside its figures what the trained row's have more or less."""
    found = draws(task, judged)
    for position, way in enumerate(WAYS):
        cells = []
        for lines in found.values():
            cells.append(f"{lines[position, 0]:.4f}")
            less = lines[0] - lines[position]
            low, high = np.quantile(less[1:], [0.025, 0.975])
            cells.append(f"{less[0]:+.4f} ({low:+.4f} to {high:+.4f})" if position else "")
        print(f"| {task.name} | {hiding} of 256 | {way} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Train, answer in every way, and print a table for each kind of answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000, help="drawn at random from each table")
    parser.add_argument("--epochs", type=int, default=8, help="at most this many passes")
    parser.add_argument("--turns", type=int, default=3, choices=range(1, TURNS + 1), help=f"parts of {TURNS} to hold out")
    parser.add_argument(
        "--hidden", type=int, nargs="+", default=[embedded_levels.HIDDEN, 0], help="ids of 256 hidden in training"
    )
    parser.add_argument("--only", choices=["stores", "planes"])
    chosen = parser.parse_args()
    print(
        f"{machine()}\n\n{chosen.rows:,} rows a table, {chosen.epochs} epochs at most, "
        f"{chosen.turns} of {TURNS} parts of the levels held out in turn."
    )
    tasks = [] if chosen.only == "planes" else [stores(chosen.rows, facts=False), stores(chosen.rows, facts=True)]
    tasks += [] if chosen.only == "stores" else [planes(chosen.rows)]
    headed, notes = "", []
    for task in tasks:
        if task.kind != headed:
            names = [*task.figures, *(["auc"] if task.kind == "class" else [])]
            figures = " | ".join(f"{name} | trained UNKNOWN less this (95 %)" for name in names)
            print(f"\n| held out | hidden | answered with | {figures} |\n|---|---|---|{'---|---|' * len(names)}")
            headed = task.kind
        for hiding in chosen.hidden:
            with hidden(hiding):
                judged = judge(task, chosen.turns, chosen.epochs)
            show(task, judged, hiding)
            levels = len(np.unique(judged.levels))
            notes.append(f"{task.name}, {hiding} hidden: {levels:,} levels, {len(judged.truth):,} rows, {judged.seconds:.0f} s")
    print("\nHeld out: " + "; ".join(notes) + ".")


if __name__ == "__main__":
    main()
