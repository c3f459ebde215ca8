"""Ten sounds of a city, UrbanSound8K's folds 1 and 2: learn from one, ask the other, and the other way round.

    python benchmarks/urban_sounds.py --backbone mn04 --mode probe finetune

Clips of one recording share a fold. What a run must choose it chooses inside the fold it learns from, recordings kept together.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import mean

from left_out import leave_out, of_sounds
from machine import machine, spread

from injerto.table.table import Table

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "urbansound"


def main() -> None:
    """Train, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="mn04")
    parser.add_argument("--mode", nargs="+", default=["probe", "finetune"], choices=["probe", "finetune", "auto"])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    clips = Table.read(chosen.data / "clips.csv")
    folds = sorted(clips.frame["fold"].unique().to_list())
    heads = " | ".join(f"fold {fold} left out" for fold in folds)
    print(f"{machine()}\n\n| mode | seed | {heads} | mean | kept | seconds a fit |\n|---|{'---|' * (len(folds) + 4)}")
    for mode in chosen.mode:
        means = []
        for seed in range(chosen.seeds):
            schema = of_sounds("clip", "sound", group="recording", backbone=chosen.backbone, mode=mode, seed=seed)
            found = [leave_out(clips, "fold", fold, schema) for fold in folds]
            means.append(mean(one.accuracy for one in found))
            cells = " | ".join(f"{one.accuracy:.3f}" for one in found)
            kept, seconds = ", ".join(one.kept for one in found), mean(one.seconds for one in found)
            print(f"| {mode} | {seed} | {cells} | {means[-1]:.4f} | {kept} | {seconds:.0f} |", flush=True)
        print(f"\n{mode}, mean over folds, by seed: {spread(means)}\n", flush=True)


if __name__ == "__main__":
    main()
