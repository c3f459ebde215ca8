"""243 photos of ants and bees: how often is the probe right on photos it never saw?

Five folds, near-duplicates on one side, several seeds; every photo is judged once a seed by a model that had not seen it.
The default image backbone, frozen; the head's penalty is chosen inside the training folds.

    python benchmarks/ants_bees.py --photos FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl
from machine import machine, spread

import injerto
from injerto.learning.division import divide
from injerto.progress import Silent
from injerto.table.folds import folds

FOLDS = 5


def accuracies(table: injerto.Table, seed: int) -> tuple[float, float, int]:
    """Accuracy and log loss over all photos, each judged out of fold, and the number of groups."""
    schema = injerto.infer(table, targets={"class": "class"})
    unit = divide(table, schema, Silent()).unit
    codes = table.column("class").values.rank("dense").to_numpy().astype(np.int64) - 1
    fold = folds(FOLDS, strata=codes, groups=unit, seed=seed)
    hits, losses = [], []
    for left_out in range(FOLDS):
        side = pl.Series("part", np.where(fold == left_out, "test", "train"))
        marked = injerto.Table.of(table.frame.with_columns(side), folder=table.folder)
        model = injerto.train(marked, "class", split="part", mode="probe", seed=seed)
        answers = model.predict(marked.take(np.flatnonzero(fold == left_out))).answers
        truth = table.frame["class"].gather(np.flatnonzero(fold == left_out))
        hits += (answers["class"] == truth).to_list()
        losses += [-np.log(row[f"class_probability_{label}"]) for row, label in zip(answers.to_dicts(), truth, strict=True)]
    return float(np.mean(hits)), float(np.mean(losses)), int(unit.max()) + 1


def main() -> None:
    """Measure every seed and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, default=Path(__file__).parents[2] / "shared" / "data" / "ants_bees")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    table = injerto.Table.read(options.photos)
    found = [accuracies(table, seed) for seed in range(options.seeds)]
    print(f"{machine()}\n\n{len(table)} photos in {found[0][2]} groups, {FOLDS} folds, {options.seeds} seeds.\n")
    print("| probe | median (least to greatest) |\n|---|---|")
    print(f"| accuracy | {spread([one[0] for one in found])} |")
    print(f"| log loss | {spread([one[1] for one in found])} |")


if __name__ == "__main__":
    main()
