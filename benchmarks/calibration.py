"""Whether probabilities are honest, before and after calibration, on rows that taught nothing and fitted no temperature.

    python benchmarks/calibration.py --keep /tmp/answers
    python benchmarks/calibration.py --whales whales.model --newcomers 30 --seed 1

ECE: 15 bins of equal width. By chance: the ECE that the same probabilities would have if they were exactly right, from 200
draws of the labels: no calibration can be seen to be better than that on so few rows. With `--whales` a kept model of whales.py
is asked instead, which must have been made with the same `--newcomers` and `--seed`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from calibration_whales import whale_table
from held_out_answers import DATA, kept
from machine import machine

from injerto.metrics.binned import expected_calibration_error
from injerto.metrics.calibration import class_calibration

DRAWS = 200


def main() -> None:
    """Ask, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="mn04")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="Where answers are kept between calls.")
    parser.add_argument("--whales", type=Path, metavar="FOLDER", help="A model of whales.py; nothing else is asked then.")
    parser.add_argument("--newcomers", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if chosen.whales is not None:
        table = whale_table(chosen.whales, chosen.data / "right_whales", chosen.newcomers, chosen.seed)
        print(f"{machine()}\n\n{table}")
        return
    print(
        f"{machine()}\n\n| rows asked | model | rows | temperature | ECE before | after | by chance | Brier before | after |",
        end="",
    )
    print(f" log loss before | after | accuracy |\n|{'---|' * 12}")
    found = kept(chosen.keep, chosen.backbone, chosen.data)
    for one in found:
        print(line(one.name, one.part, f"{one.temperature:.2f}", one.truth, one.before, one.after), flush=True)
    for name in dict.fromkeys(one.name for one in found):
        those = [one for one in found if one.name == name]
        if len(those) > 1:
            print(
                line(
                    name,
                    "all",
                    "",
                    *(np.concatenate([vars(one)[key] for one in those]) for key in ("truth", "before", "after")),
                )
            )


def line(name: str, part: str, temperature: str, truth: np.ndarray, before: np.ndarray, after: np.ndarray) -> str:
    """One row of the table."""
    was, now = class_calibration(truth, before), class_calibration(truth, after)
    cells = [f"{was['ece']:.4f}", f"{now['ece']:.4f}", f"{by_chance(after):.4f}"]
    cells += [f"{one[key]:.4f}" for key in ("brier", "log_loss") for one in (was, now)]
    accuracy = float((after.argmax(axis=1) == truth).mean())
    return f"| {name} | {part} | {len(truth):,} | {temperature} | {' | '.join(cells)} | {accuracy:.3f} |"


def by_chance(answer: np.ndarray, seed: int = 0) -> float:
    """The mean ECE of probabilities (n,K) when labels are drawn from them (Bröcker & Smith, Weather and Forecasting 2007)."""
    random, surest = np.random.default_rng(seed), answer.max(axis=1)
    return float(np.mean([expected_calibration_error(surest, random.random(len(surest)) < surest) for _ in range(DRAWS)]))


if __name__ == "__main__":
    main()
