"""Groups found in file names: nothing but files and labels is shown, and what is found is compared with the columns hidden.

    python benchmarks/groups_found.py --score mn04

A pair of rows is right when both are of one true group. Torn: true groups of several rows whose rows the split puts on more
than one side, by what was found and with no group at all (mean of five seeds).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean

import numpy as np
from machine import machine

from injerto.schema.facts import facts_of
from injerto.schema.schema import Input, Schema
from injerto.schema.ties import tie_in
from injerto.schema.wishes import Wishes, declare
from injerto.table.group_names import group_names
from injerto.table.grouping import Grouping
from injerto.table.groups import codes_of, straddling
from injerto.table.split import split
from injerto.table.table import Table
from injerto.train_model import train

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
URBAN = "urbansound/clips.csv"
SETS = {
    URBAN: ("clip", "sound", "recording"),
    "esc10/clips.csv": ("clip", "sound", "source"),
    "nyala/photos.csv": ("photo", "animal:individual", "sighting"),
    "spoken_digits/recordings.csv": ("recording", "digit:class", "speaker"),
    "right_whales/photos.csv": ("photo", "callosity:class", ""),
    "faces/faces.csv": ("photo", "person:class", ""),
    "ants_bees": ("file", "class", ""),
}
SEEDS = range(5)


def main() -> None:
    """Find, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--score", metavar="BACKBONE", help="Train a probe on UrbanSound8K, and print what both splits say.")
    chosen = parser.parse_args()
    data = chosen.data
    print(f"{machine()}\n\n| table, columns shown | found | true column | pairs right | pairs found | torn | torn without |")
    print(f"|{'---|' * 7}")
    said = []
    for place, (files, target, hidden) in SETS.items():
        whole = Table.read(data / place)
        label = target.split(":")[0]
        shown = replace(whole, frame=whole.frame.select(files, label))
        schema = declare(shown, Wishes([target]))
        tie = tie_in(schema, shown, facts_of(shown))
        how = "nothing" if tie is None else "sure" if tie.sure else "proposed"
        cells = _against(shown, whole, schema, tie and tie.grouping, hidden) if hidden and tie else ["", "", "", ""]
        print(f"| {place}: {files}, {label} | {how} | {hidden or 'none'} | {' | '.join(cells)} |", flush=True)
        if tie is not None:
            said.append(f"{place}: {tie.reason} [{tie.grouping.options}]")
    print("\n" + "\n".join(said), flush=True)
    if chosen.score:
        _score(data, chosen.score)


def _score(data: Path, backbone: str) -> None:
    """What rows drawn one by one would have said, what whole groups say, and the score of the test rows."""
    files, target, _ = SETS[URBAN]
    whole = Table.read(data / URBAN)
    schema = declare(replace(whole, frame=whole.frame.select(files, target)), Wishes([target], mode="probe"))
    schema = schema.model_copy(update={"inputs": {files: Input(kind="sound", backbone=backbone)}})
    model = train(whole, schema=schema)
    test = model.scores["test"][target]
    print(f"\n{model.artifact.rows.reason}\nTest accuracy {test['accuracy']:.4f}, interval {test['intervals']['accuracy']}")


def _against(shown: Table, whole: Table, schema: Schema, found: Grouping | None, hidden: str) -> Sequence[str]:
    """Precision and recall of pairs, and true groups torn by the split that is made, and by one that keeps no group."""
    assert found is not None
    own, true = codes_of(group_names(found, shown)), codes_of(whole.column(hidden).values)
    if schema.individual is not None:  # a sighting's number counts within the animal
        true = np.unique(np.stack([true, codes_of(whole.column(schema.individual[0]).values)]), axis=1, return_inverse=True)[1]
    both = _pairs(np.unique(np.stack([own, true]), axis=1, return_counts=True)[1])
    alone, known = _pairs(np.bincount(own)), _pairs(np.bincount(true))
    torn = [_torn(shown, schema.split.grouping, true), _torn(shown, None, true)]
    return [
        f"{both / alone:.4f}",
        f"{both / known:.4f}",
        *(f"{count:.1f} of {int((np.bincount(true) > 1).sum())}" for count in torn),
    ]


def _pairs(sizes: np.ndarray) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _torn(table: Table, group: Grouping | None, true: np.ndarray) -> float:
    """True groups on more than one side."""
    counts = []
    for seed in SEEDS:
        rows = split(table, group=group, seed=seed)
        side = np.zeros(len(table), dtype=np.int64)
        side[rows.tune], side[rows.test] = 1, 2
        counts.append(len(straddling(side, true)))
    return mean(counts)


if __name__ == "__main__":
    main()
