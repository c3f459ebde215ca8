"""Photo, category and number in one row: is the row better than any of its columns alone?

2,624 photos of solar cells (package elpv-dataset, CC BY-NC-SA 4.0), the type of the module they come from (mono- or
polycrystalline) and the brightness of the photo; to be told: is the cell defective (probability 0.5 or more)?
Every seed splits anew, near-duplicates together; the figures are those of rows never used.

    python benchmarks/solar_cells.py
"""

from __future__ import annotations

import argparse
from importlib.metadata import distribution
from math import comb
from pathlib import Path

import numpy as np
import polars as pl
from machine import machine, spread

import injerto
from injerto.table.media import read_pixels

WAYS = {
    "photo": ["cell:image"],
    "module type": ["module:category"],
    "brightness": ["brightness:number"],
    "module type + brightness": ["module:category", "brightness:number"],
    "photo + module type": ["cell:image", "module:category"],
    "photo + module type + brightness": ["cell:image", "module:category", "brightness:number"],
}
FIGURES = ("auc", "accuracy", "log_loss")


def cells() -> injerto.Table:
    """One row a cell: photo, module type, brightness, defect."""
    package = distribution("elpv-dataset")
    labels = next(Path(str(package.locate_file(file))) for file in package.files or [] if file.name == "labels.csv")
    parts = [line.split() for line in labels.read_text(encoding="utf-8").splitlines() if line.strip()]
    folder = labels.parent
    frame = pl.DataFrame(
        {
            "cell": [part[0] for part in parts],
            "module": [part[2] for part in parts],
            "brightness": [float(np.mean(read_pixels(part[0], folder))) for part in parts],
            "defect": [float(part[1]) >= 0.5 for part in parts],
        }
    )
    return injerto.Table.of(frame, folder=folder)


def main() -> None:
    """Train every way with every seed and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS), metavar="WAY", help="the first must be photo")
    chosen = parser.parse_args()
    seeds = range(chosen.seeds)
    table = cells()
    print(f"{machine()}\n\n{len(table):,} cells; median of {len(seeds)} splits (least to greatest) on test rows, mode probe.\n")
    print(f"| columns | {' | '.join(FIGURES)} |\n|---|{'---|' * len(FIGURES)}")
    photo: list[dict[str, float]] = []
    for way, inputs in ((way, WAYS[way]) for way in chosen.ways):
        others = [name for name in ("cell", "module", "brightness") if not any(item.startswith(f"{name}:") for item in inputs)]
        found = [
            injerto.train(table, "defect:class", inputs=inputs, drop=others, mode="probe", seed=seed).scores["test"]["defect"]
            for seed in seeds
        ]
        print(f"| {way} | {' | '.join(spread([score[figure] for score in found]) for figure in FIGURES)} |", flush=True)
        photo = photo or found
        if way.startswith("photo +"):
            leads = [[one[figure] - alone[figure] for one, alone in zip(found, photo, strict=True)] for figure in FIGURES]
            print(f"| {way}, less photo alone on the same split | {' | '.join(map(spread, leads))} |")
            print(f"| splits on which it is better | {' | '.join(map(better, FIGURES, leads))} |", flush=True)


def better(figure: str, leads: list[float]) -> str:
    """On how many splits the lead goes the right way, and how likely as many would be if it went either way by chance."""
    count = sum(lead < 0 if figure == "log_loss" else lead > 0 for lead in leads)
    chance = sum(comb(len(leads), more) for more in range(count, len(leads) + 1)) / 2 ** len(leads)
    return f"{count} of {len(leads)} (by chance {chance:.3f})"


if __name__ == "__main__":
    main()
