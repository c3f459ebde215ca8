"""What tables of a million to a hundred million rows cost: seconds, rows a second, memory, and what the model learns.

    python benchmarks/scale.py 1_000_000 10_000_000 100_000_000

The tables are made up (`scale_data.py`, 6 GB for a hundred million rows; they stay in benchmarks/out). Each is trained and
answered by the command line in a process of its own, one pass over the rows, with --memory 8GB; the system says what it took.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from machine import machine
from scale_data import best_loss, write

import injerto

OUT = Path("benchmarks/out/scale")
MEMORY = "8GB"


@dataclass
class Run:
    """One process, ended."""

    seconds: float
    processor_seconds: float
    gigabytes: float


def run(*arguments: object) -> Run:
    """One `injerto` command; the most memory that any child took so far is this one's when tables grow."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "injerto", *map(str, arguments)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(time.perf_counter() - started, spent, after.ru_maxrss * 1024 / 1e9)


def measured(rows: int, suffix: str) -> str:
    """A line of the table: learning from `rows` rows, then answering them."""
    table, model, answers = OUT / f"{rows}{suffix}", OUT / f"{rows}.model", OUT / f"{rows}.parquet.answers.parquet"
    if not table.exists():
        write(rows, table)
    schema = OUT / "one_pass.toml"
    draft = injerto.declare(injerto.open_table(table, memory=MEMORY).sample, injerto.Wishes(targets=["bought"]))
    schema.write_text(draft.model_copy(update={"training": injerto.Training(epochs=1)}).to_toml())
    learned = run("train", table, "--schema", schema, "--memory", MEMORY, "--out", model, "--force")
    answered = run("predict", model, table, "--memory", MEMORY, "--out", answers, "--force")
    answers.unlink()
    history = json.loads((model / "history.json").read_text())[0]
    stored = history["notes"].get("stored", {"rows": rows, "seconds": {"counting": 0.0, "encoding": 0.0}})
    training = sum(epoch["seconds"] for epoch in history["epochs"])
    score = json.loads((model / "scores.json").read_text())["test"]["bought"]
    cells = [f"{rows:,}{suffix}", f"{learned.seconds:,.0f}", f"{learned.processor_seconds:,.0f}", f"{learned.gigabytes:.2f}"]
    cells += [f"{rows / max(1e-9, stored['seconds'][stage]):,.0f}" for stage in ("counting", "encoding")]
    cells += [f"{stored['rows'] / training:,.0f}", f"{score['log_loss']:.4f}", f"{score['auc']:.4f}"]
    cells += [f"{rows / answered.seconds:,.0f}", f"{answered.gigabytes:.2f}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Measure every size that is asked for, small ones first."""
    OUT.mkdir(parents=True, exist_ok=True)
    sizes = sorted(int(text) for text in sys.argv[1:] if not text.startswith(".")) or [1_000_000]
    suffix = next((text for text in sys.argv[1:] if text.startswith(".")), ".parquet")
    lines = [measured(rows, suffix) for rows in sizes]
    print(machine())
    print(f"Whoever knows all but the noise: log loss {best_loss():.4f}.\n")
    print(
        "| rows | train s | processor s | GB | counting rows/s | encoding rows/s | training rows/s | log loss | AUC | "
        "predict rows/s | GB |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
