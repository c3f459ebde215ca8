"""Ten sounds, a fold left out at a time: ESC-10, with each network that is on this machine, and several side by side.

    python benchmarks/esc10.py --backbone mn04 aisfx aisfx+logmel_lite0

Clips of one source share a fold. The head is a probe on frozen vectors; what it must choose it chooses inside the other folds.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import mean

from left_out import leave_out, of_sounds
from machine import machine

from injerto.table.table import Table

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "esc10"


def main() -> None:
    """Train, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", nargs="+", default=["auto"])
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    clips = Table.read(chosen.data / "clips.csv")
    folds = sorted(clips.frame["fold"].unique().to_list())
    print(f"{machine()}\n\n| backbone | accuracy, mean | by fold | seconds |\n|---|---|---|---|")
    for backbone in chosen.backbone:
        started = time.perf_counter()
        schema = of_sounds("clip", "sound", group="source", backbone=backbone)
        found = [leave_out(clips, "fold", fold, schema).accuracy for fold in folds]
        seconds = time.perf_counter() - started
        print(f"| {backbone} | {mean(found):.4f} | {', '.join(f'{one:.3f}' for one in found)} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
