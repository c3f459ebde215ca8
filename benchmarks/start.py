"""How long a person waits before anything happens: importing the package, help, the first prediction of a table model.

Every figure is a fresh process; the files are in the system's cache after the first. Run: python benchmarks/start.py
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

import injerto

TIMES = 7
LIMITS = {"import injerto": 0.3, "first predict": 2.0}


def seconds(command: list[str]) -> list[float]:
    """Wall seconds of each of several fresh processes, sorted; one run before them fills the system's cache."""
    found = []
    for _ in range(TIMES + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        found.append(time.perf_counter() - started)
    return sorted(found[1:])


def main() -> int:
    """Measure, print; the exit code is 1 when a median is over its limit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        birds = {"mass_g": [9, 10, 11, 12, 60, 61, 62, 63] * 25, "site": ["pond", "wood"] * 100}
        species = (["wren"] * 4 + ["jay"] * 4) * 25
        injerto.train(birds | {"species": species}, "species", budget_seconds=5, out=folder / "birds.model")
        pl.DataFrame(birds).write_csv(folder / "birds.csv")
        python = [sys.executable, "-c"]
        answer = ["-m", "injerto", "predict", str(folder / "birds.model"), str(folder / "birds.csv"), "--force"]
        commands = {
            "python alone": [*python, "pass"],
            "import injerto": [*python, "import injerto"],
            "injerto --help": [sys.executable, "-m", "injerto", "--help"],
            "import torch alone": [*python, "import torch"],
            "first predict": [sys.executable, *answer, "--out", str(folder / "answers.csv")],
        }
        measured = {what: seconds(command) for what, command in commands.items()}
    print("| what | median s | fastest | slowest | at most |\n|---|---|---|---|---|")
    for what, found in measured.items():
        limit = LIMITS.get(what, "")
        print(f"| {what} | {statistics.median(found):.2f} | {found[0]:.2f} | {found[-1]:.2f} | {limit} |")
    print(f"\n{os.cpu_count()} cores, {TIMES} runs each")
    return int(any(statistics.median(measured[what]) > limit for what, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
