"""Real photos and sounds, 5 % of whose classes are made wrong on purpose: where do these rows stand in the list of suspects?

Rows are ranked by probes on frozen features that had not seen them, nor any row of their group; the labels that teach are as
wrong as those that are looked for. Wrong at random: any other class. Confusable: the class that rows of the right one are given
most, by the same probes with right labels.

    python benchmarks/wrong_classes.py --sets ants_bees esc10
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from statistics import mean

import numpy as np
import polars as pl
from machine import machine

from injerto.backbones.cache import VectorCache
from injerto.learning.division import divide
from injerto.learning.unseen_answers import unseen_answers
from injerto.learning.wrong_classes import margins, suspected
from injerto.progress import Silent
from injerto.schema.schema import Input
from injerto.schema.wishes import Wishes, declare
from injerto.table.table import Table
from injerto.train_rows import learned

SHARE = 0.05
FIRST = 0.1
SETS = {
    "ants_bees": ("ants_bees", "class", "file", "image", None),
    "esc10": ("esc10/clips.csv", "sound", "clip", "sound", "source"),
    "urbansound": ("urbansound/clips.csv", "sound", "clip", "sound", "recording"),
}


def judged(table: Table, name: str, backbone: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Rows (n,), probabilities (n,K) by probes that had not seen them, the codes (n,) of their labels, and the classes."""
    _, target, files, kind, group = SETS[name]
    schema = declare(table, Wishes((f"{target}:class",), group=group, no_group=group is None, mode="probe"))
    split = schema.split.model_copy(update={"test_share": 0.0})
    schema = schema.model_copy(update={"inputs": {files: Input(kind=kind, backbone=backbone)}, "split": split})
    division = divide(table, schema, Silent())
    with VectorCache() as cache:
        best = learned(table, schema, division, None, cache, Silent())
    found = unseen_answers(best.network, best.examples, division, best.fitted, target, 0)
    assert found is not None
    head = best.network.targets[target]
    return *found, best.examples.labels[target].value.numpy()[found[0]], head.choices


def taken_for(chances: np.ndarray, codes: np.ndarray, classes: list[str]) -> dict[str, str]:
    """By class, the other class to which its rows are given most."""
    found = {}
    for code, one in enumerate(classes):
        given = chances[codes == code].sum(axis=0)
        given[code] = -1
        found[one] = classes[int(given.argmax())]
    return found


def flipped(labels: list[str], mistaken: dict[str, str] | None, random: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Labels with SHARE of them made wrong, and which (N,)."""
    classes = sorted(set(labels))
    rows = random.choice(len(labels), round(SHARE * len(labels)), replace=False)
    made = list(labels)
    for row in rows.tolist():
        others = [one for one in classes if one != labels[row]]
        made[row] = mistaken[labels[row]] if mistaken else others[random.integers(len(others))]
    return made, np.isin(np.arange(len(labels)), rows)


def measured(table: Table, name: str, backbone: str, labels: list[str], wrong: np.ndarray) -> tuple[float, float, float]:
    """Share of wrong labels in the first tenth of all rows; precision and recall of what is listed as suspected."""
    column = SETS[name][1]
    changed = replace(table, frame=table.frame.with_columns(pl.Series(column, labels)))
    rows, chances, codes, _ = judged(changed, name, backbone)
    first = rows[np.argsort(margins(chances, codes), kind="stable")[: round(FIRST * len(rows))]]
    listed = rows[suspected(chances, codes)]
    return wrong[first].sum() / wrong.sum(), wrong[listed].mean() if len(listed) else 0.0, wrong[listed].sum() / wrong.sum()


def main() -> None:
    """Make labels wrong, rank, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--sounds", default="mn04", help="The network of sounds.")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    columns = ("rows", "made wrong", "accuracy with right labels", "found in the first tenth", "listed: precision", "recall")
    print(f"{machine()}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    for name in options.sets:
        place, column, _, kind, _ = SETS[name]
        table = Table.read(options.data / place)
        backbone = options.sounds if kind == "sound" else "auto"
        labels = table.frame[column].cast(pl.String).to_list()
        _, chances, codes, classes = judged(table, name, backbone)
        right = float((chances.argmax(axis=1) == codes).mean())
        mistaken = taken_for(chances, codes, classes)
        ways = {"at random": None} | ({"confusable": mistaken} if len(classes) > 2 else {})
        for way, of in ways.items():
            found = []
            for seed in range(options.seeds):
                made, wrong = flipped(labels, of, np.random.default_rng(seed))
                found.append(measured(table, name, backbone, made, wrong))
            first, precision, recall = zip(*found, strict=True)
            spread = f"{mean(first):.2f} ({min(first):.2f} to {max(first):.2f})"
            print(
                f"| {name}, {backbone} | {way} | {right:.3f} | {spread} | {mean(precision):.2f} | {mean(recall):.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
