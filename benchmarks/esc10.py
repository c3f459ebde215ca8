"""Ten sounds, a fold left out at a time: ESC-10, with each network that is on this machine, and several side by side.

    python benchmarks/esc10.py --backbone mn04 aisfx aisfx+logmel_lite0

Clips of one source share a fold. The head is a probe on frozen vectors; what it must choose it chooses inside the other folds.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import mean

import numpy as np
from machine import machine

from injerto.model import train
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.table import Table

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "esc10"


def accuracy(clips: Table, fold: int, backbone: str) -> float:
    """Share of the clips of `fold` that a model of the other folds names right."""
    apart = (clips.frame["fold"] == fold).to_numpy()
    schema = Schema(
        targets={"sound": Target(kind="class")},
        inputs={"clip": Input(kind="sound", backbone=backbone)},
        split=Split(group="source", test_share=0.0),
        training=Training(mode="probe"),
    )
    model = train(clips.take(np.flatnonzero(~apart)), schema=schema)
    asked = clips.take(np.flatnonzero(apart))
    return float((model.predict(asked).answers["sound"] == asked.frame["sound"]).mean())


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
        found = [accuracy(clips, fold, backbone) for fold in folds]
        seconds = time.perf_counter() - started
        print(f"| {backbone} | {mean(found):.4f} | {', '.join(f'{one:.3f}' for one in found)} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
