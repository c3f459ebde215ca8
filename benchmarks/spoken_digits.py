"""Ten spoken digits, a speaker left out at a time: what a network hears of a voice it never heard.

    python benchmarks/spoken_digits.py --seeds 3
    python benchmarks/spoken_digits.py --backbone mn04 --mode probe

Nothing is chosen with the speaker left out: the rows that judge a run are of the other speakers.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import mean

from left_out import leave_out, of_sounds
from machine import machine, spread

from injerto.table.table import Table

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "spoken_digits"


def main() -> None:
    """Train, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="small_cnn")
    parser.add_argument("--mode", default="finetune", choices=["probe", "finetune", "auto"])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--speaker", nargs="+", default=None)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    table = Table.read(chosen.data / "recordings.csv")
    speakers = chosen.speaker or sorted(table.frame["speaker"].unique().to_list())
    print(f"{machine()}\n\n| seed | {' | '.join(speakers)} | mean | seconds a fit |\n|---|{'---|' * (len(speakers) + 2)}")
    means = []
    for seed in range(chosen.seeds):
        schema = of_sounds("recording", "digit", group="speaker", backbone=chosen.backbone, mode=chosen.mode, seed=seed)
        found = [leave_out(table, "speaker", speaker, schema) for speaker in speakers]
        means.append(mean(one.accuracy for one in found))
        cells = " | ".join(f"{one.accuracy:.3f}" for one in found)
        print(f"| {seed} | {cells} | {means[-1]:.4f} | {mean(one.seconds for one in found):.0f} |", flush=True)
    print(f"\nMean over speakers, by seed: {spread(means)}")


if __name__ == "__main__":
    main()
