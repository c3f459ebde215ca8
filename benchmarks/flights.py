"""Late flights out of New York: Injerto against LightGBM and CatBoost, with and without tailnum, and rows a second.

`python benchmarks/flights.py` prints the tables. Everything was chosen on rolling splits inside January to September
(`--train-until 7 --test-until 9`); October to December is only looked at by the default call. All see the same rows:
early stopping on the last 15 % of the training months, then, where the line says refit, once more on all of them.
Injerto refits by itself.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
from flights_data import CATEGORIES, DATES, NUMBERS, TARGET, flights, truth, with_parts
from flights_rivals import Answer, catboost, lightgbm
from flights_speed import NETWORKS, ROWS
from turns import take_turns

from injerto.metrics import bootstrap, class_metrics
from injerto.predict import predict
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.table import Table
from injerto.train import train

SPEED = Path(__file__).with_name("flights_speed.py")
SPEED_TURNS = 41


def injerto(table: pl.DataFrame, categories: list[str], seed: int) -> Answer:
    """Injerto with its defaults; the schema says no more than each column's kind."""
    kinds = dict.fromkeys(DATES, "date") | dict.fromkeys(NUMBERS, "number") | dict.fromkeys(categories, "category")
    schema = Schema(
        inputs={name: Input(kind=kind) for name, kind in kinds.items()},
        targets={TARGET: Target(kind="class")},
        split=Split(column="part"),
        training=Training(seed=seed),
    )
    started = time.perf_counter()
    artifact = train(Table.of(table.select(TARGET, "part", *kinds)), schema)
    seconds = time.perf_counter() - started
    test = table.filter(pl.col("part") == "test")
    answers = predict(artifact, Table.of(test.select(*kinds))).answers
    late = next(name for name in answers.columns if name.endswith("late") and answers[name].dtype.is_float())
    return Answer(f"Injerto, seed {seed}", answers[late].to_numpy(), seconds)


def line(name: str, answer: Answer, y: np.ndarray, days: np.ndarray) -> str:
    """One row of the table: figures with 95 % intervals over days, as flights of one day are late together."""
    both = np.stack([1 - answer.late, answer.late], axis=1)
    figures, ranges = class_metrics(y, both), bootstrap(class_metrics, y, both, groups=days)
    shown = [f"{figures[key]:.4f} ({ranges[key][0]:.4f}-{ranges[key][1]:.4f})" for key in ("auc", "log_loss")]
    return f"| {answer.name} | {name} | {shown[0]} | {shown[1]} | {answer.seconds:.0f} |"


def lead(name: str, ours: Answer, rival: Answer, y: np.ndarray, days: np.ndarray) -> str:
    """Our figures less a rival's on the same rows, with 95 % intervals over days."""

    def difference(true: np.ndarray, late: np.ndarray) -> dict[str, float]:
        own, other = (class_metrics(true, np.stack([1 - late[:, one], late[:, one]], axis=1)) for one in (0, 1))
        return {f"{key} less": own[key] - other[key] for key in ("auc", "log_loss") if key in own and key in other}

    pair = np.stack([ours.late, rival.late], axis=1)
    found, ranges = difference(y, pair), bootstrap(difference, y, pair, groups=days)
    shown = [f"{found[key]:+.4f} ({ranges[key][0]:+.4f} to {ranges[key][1]:+.4f})" for key in found]
    return f"| {ours.name} less {rival.name} | {name} | {shown[0]} | {shown[1]} | |"


def accuracy(train_until: int, test_until: int, seeds: int) -> None:
    """Print AUC and log loss of all, with and without tailnum."""
    table = with_parts(flights(), train_until, test_until)
    test = table.filter(pl.col("part") == "test")
    y, days = truth(test), test["date"].to_physical().to_numpy()
    print(
        f"Train on months 1-{train_until}, test on {train_until + 1}-{test_until}: {len(test):,} flights, {y.mean():.1%} late"
    )
    print()
    print("| model | tailnum | AUC (95 %) | log loss (95 %) | seconds |\n|---|---|---|---|---|")
    for name, categories in {"with": CATEGORIES, "without": [c for c in CATEGORIES if c != "tailnum"]}.items():
        ours = []
        for seed in range(seeds):
            ours.append(injerto(table, categories, seed))
            print(line(name, ours[-1], y, days), flush=True)
        for rival in (lightgbm, catboost):
            for answer in rival(table, categories):
                print(line(name, answer, y, days), flush=True)
                print(lead(name, ours[0], answer, y, days), flush=True)


def speed() -> None:
    """Print the ratio of training rows a second, an epoch of the one after an epoch of the other."""
    print("\n| network | plain loop, rows/s | Injerto, rows/s | ratio, median | least | most |\n|---|---|---|---|---|---|")
    for network in NETWORKS:
        commands = [[sys.executable, str(SPEED), name, network] for name in ("plain", "injerto")]
        seconds = take_turns(commands[0], commands[1], SPEED_TURNS)
        ratios = seconds[:, 0] / seconds[:, 1]
        rates = ROWS / np.median(seconds, axis=0)
        spread = f"{np.median(ratios):.2f} | {ratios.min():.2f} | {ratios.max():.2f}"
        print(f"| {network} | {rates[0]:,.0f} | {rates[1]:,.0f} | {spread} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train-until", type=int, default=9, metavar="MONTH")
    parser.add_argument("--test-until", type=int, default=12, metavar="MONTH")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", choices=["accuracy", "speed"])
    chosen = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    if chosen.only != "speed":
        accuracy(chosen.train_until, chosen.test_until, chosen.seeds)
    if chosen.only != "accuracy":
        speed()
