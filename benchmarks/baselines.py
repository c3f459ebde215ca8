"""Is the model worth its trouble? Model, linear model, LightGBM and the plain answer on the same rows, and what folds cost.

    python benchmarks/baselines.py --only flights --rows 20000

Flights out of New York (late or not, tested on the last days of the year), Rossmann (sales, tested on the last days), ESC-10
(probe, sources kept apart). Rows are drawn evenly over the time; intervals draw whole days, shops' weeks stay rows.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path
from typing import Any

import polars as pl
import torch
from flights_data import CATEGORIES, DATES, NUMBERS, TARGET, flights
from machine import machine
from rossmann_data import AUTHORS, sales

import injerto
from injerto.metrics.figures import MAIN

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FIGURES = {"class": ("accuracy", "log_loss", "auc"), "number": ("mae", "rmse")}


def of_flights(rows: int, _: Path) -> tuple[injerto.Table, injerto.Schema]:
    """Every n-th flight; the latest fifth of them tests, days whole."""
    table = flights()
    kinds = dict.fromkeys(DATES, "date") | dict.fromkeys(NUMBERS, "number") | dict.fromkeys(CATEGORIES, "category")
    return _declared(table.gather_every(max(1, len(table) // rows)).head(rows), kinds, {TARGET: "class"}, "date")


def of_rossmann(rows: int, data: Path) -> tuple[injerto.Table, injerto.Schema]:
    """Every n-th day of a shop, by the inputs of the entity-embedding paper; the latest fifth tests."""
    table = sales(data / "rossmann").select("Date", "Sales", *AUTHORS)
    return _declared(
        table.gather_every(max(1, len(table) // rows)).head(rows),
        dict.fromkeys(AUTHORS, "category"),
        {"Sales": "number"},
        "Date",
    )


def of_sounds(_: int, data: Path) -> tuple[injerto.Table, injerto.Schema]:
    """All 400 clips, sources whole; the probe."""
    table = injerto.Table.read(data / "esc10" / "clips.csv")
    wishes = injerto.Wishes(targets=["sound:class"], inputs=["clip:sound"], group="source", mode="probe", drop=["fold"])
    return table, injerto.declare(table, wishes)


DATASETS = {"flights": of_flights, "rossmann": of_rossmann, "esc10": of_sounds}


def _declared(
    frame: pl.DataFrame, kinds: dict[str, Any], target: dict[str, Any], time_column: str
) -> tuple[injerto.Table, injerto.Schema]:
    schema = injerto.Schema(
        inputs={name: injerto.Input(kind=kind) for name, kind in kinds.items()},
        targets={name: injerto.Target(kind=kind) for name, kind in target.items()},
        split=injerto.Split(time=time_column),
    )
    # Rows of a day belong together in the intervals: one storm makes a hundred flights late.
    days = frame.with_columns(day=pl.col(time_column).cast(pl.String))
    split = schema.split.model_copy(update={"group": "day"})
    return injerto.Table.of(days), schema.model_copy(update={"split": split})


def compared(name: str, rows: int, data: Path, folds: int, repeats: int) -> None:
    """Train once, and print every figure of every answer."""
    table, schema = DATASETS[name](rows, data)
    if schema.split.time is None and folds:
        schema = schema.model_copy(update={"split": schema.split.model_copy(update={"folds": folds, "repeats": repeats})})
    started = time.perf_counter()
    model = injerto.train(table, schema=schema)
    seconds = time.perf_counter() - started
    (target, options), *_ = schema.targets.items()
    score, notes = model.scores["test"][target], model.artifact.facts["rivals"]
    for answer, figures in {"model": score, "baseline": score["baseline"], **score.get("rivals", {})}.items():
        for figure in FIGURES[options.kind]:
            print(line(name, answer, figure, figures, score, seconds, notes), flush=True)
    if "folds" in model.scores:
        over = model.scores["folds"][target]
        main = MAIN[options.kind]
        low, high = over["intervals"][main]
        print(f"\n{name}: {folds} folds x {repeats} in {over['seconds']} s: {main} {over[main]:.4f} ({low:.4f} to {high:.4f})")


def line(
    name: str, answer: str, figure: str, figures: dict[str, Any], score: dict[str, Any], seconds: float, notes: list[str]
) -> str:
    """One figure of one answer: its value, how the model differs from it, and how long it learned."""
    low, high = score["intervals"].get(figure, (None, None)) if answer == "model" else (None, None)
    value = f"{figures[figure]:.4f}" + ("" if low is None else f" ({low:.4f} to {high:.4f})")
    against, apart = score["against"].get(answer, {}).get(figure), ""
    if against is not None:
        ends = against["interval"]
        apart = f"{against['difference']:+.4f}" + ("" if ends is None else f" ({ends[0]:+.4f} to {ends[1]:+.4f})")
    took = next((found[1] for note in notes if answer in note and (found := re.search(r"in ([\d.]+) s", note))), "")
    return f"| {name} | {answer} | {figure} | {value} | {apart} | {f'{seconds:.0f} in all' if answer == 'model' else took} |"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=DATASETS, default=list(DATASETS))
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    print(f"{machine()}, {chosen.threads} thread(s), {chosen.rows:,} rows of tables, seed 0\n")
    print("| table | answer | figure | value (95 %) | model less it (95 %) | seconds |\n|---|---|---|---|---|---|")
    for name in chosen.only:
        compared(name, chosen.rows, chosen.data, chosen.folds, chosen.repeats)


if __name__ == "__main__":
    main()
