"""Whether promises are kept: `--max-error 0.05` and `--coverage 0.9` on rows that had no part in them.

    python benchmarks/max_error.py --keep /tmp/answers

Resplits: the rows asked are parted 200 times, by whole groups, into a half that promises are counted from and a half that they
are kept on, by the product's own rule. Own: the rule of the model itself, from the rows it held out, on all rows asked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from held_out_answers import DATA, Asked, kept
from machine import machine

from injerto.heads.abstention import SureEnough, selective_risk
from injerto.heads.cover import ClassSets
from injerto.heads.held_out import HeldOut

RESPLITS = 200
COLUMNS = (
    "rows asked",
    "rows",
    "wrong if all are answered",
    "wrong of the answered, mean of resplits",
    "5 % to 95 %",
    "mean, no answer no error",
    "all their answers together",
    "answered",
    "nothing promised",
    "truth in sets",
    "size of sets",
)


def main() -> None:
    """Ask, resplit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="mn04")
    parser.add_argument("--max-error", type=float, default=0.05)
    parser.add_argument("--coverage", type=float, default=0.9)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="Where answers are kept between calls.")
    chosen = parser.parse_args()
    found = kept(chosen.keep, chosen.backbone, chosen.data)
    print(f"{machine()}\n\nResplits, {RESPLITS} each\n")
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for name in dict.fromkeys(one.name for one in found):
        print(resplit(name, [one for one in found if one.name == name], chosen.max_error, chosen.coverage), flush=True)
    print("\nOwn\n\n| rows asked | model | held out | from | answered | wrong of the answered | truth in sets | size |", end="")
    print(f"\n|{'---|' * 8}")
    for one in found:
        print(own(one, chosen.max_error, chosen.coverage), flush=True)


def resplit(name: str, those: list[Asked], max_error: float, coverage: float) -> str:
    """Errors and coverage over resplits of all rows asked."""
    answer = torch.from_numpy(np.concatenate([one.after for one in those]))
    unit = np.unique([f"{place}:{code}" for place, one in enumerate(those) for code in one.unit], return_inverse=True)[1]
    parts = [one.grades for one in those]
    whole = HeldOut(
        type(parts[0])(*(torch.cat([vars(part)[key] for part in parts]) for key in ("misfit", "code", "sure", "wrong"))),
        torch.from_numpy(unit),
        "out-of-fold",
    )
    random, errors, wrong, answered, held, sizes = np.random.default_rng(0), [], 0, [], [], []
    for _ in range(RESPLITS):
        half = torch.from_numpy(random.permutation(unit.max() + 1)[unit] <= unit.max() // 2)
        rule = _rule(whole.take(half.nonzero()[:, 0]), max_error)
        sets = ClassSets.of(
            "class", [str(place) for place in range(answer.shape[1])], whole.take(half.nonzero()[:, 0]), coverage
        )
        asked, mistaken = answer[~half], whole.grades.wrong[~half]
        if rule is not None:
            told = rule.told(asked)
            share, error = selective_risk(told, mistaken)
            errors.append(error)
            answered.append(share * len(asked))
            wrong += int((told & mistaken).sum())
        if sets is not None:
            held.append(float(sets.holds(asked, whole.grades.code[~half]).double().mean()))
            sizes.append(float(sets.size(asked).mean()))
    low, high = np.nanquantile(errors, [0.05, 0.95])
    nothing = RESPLITS - len(errors) + int(np.isnan(errors).sum())
    return (
        f"| {name} | {len(unit):,} in {unit.max() + 1:,} groups | {whole.grades.wrong.double().mean():.4f} "
        f"| {np.nanmean(errors):.4f} | {low:.3f} to {high:.3f} "
        f"| {np.nansum(errors) / RESPLITS:.4f} | {wrong / sum(answered):.4f} "
        f"| {sum(answered) / len(errors) / (len(unit) / 2):.3f} "
        f"| {nothing} | {np.mean(held):.4f} | {np.mean(sizes):.2f} |"
    )


def own(one: Asked, max_error: float, coverage: float) -> str:
    """The model's own promise on the rows asked."""
    answer, grades = torch.from_numpy(one.after), one.grades
    rule = _rule(one.own, max_error)
    sets = ClassSets.of("class", [str(place) for place in range(answer.shape[1])], one.own, coverage)
    told = torch.zeros(len(answer), dtype=torch.bool) if rule is None else rule.told(answer)
    share, error = selective_risk(told, grades.wrong)
    start = "-" if rule is None else f"{rule.start:.3f}"
    shown = (
        "- | -" if sets is None else f"{sets.holds(answer, grades.code).double().mean():.3f} | {sets.size(answer).mean():.2f}"
    )
    return f"| {one.name} | {one.part} | {len(one.own):,} {one.own.source} | {start} | {share:.3f} | {error:.4f} | {shown} |"


def _rule(held_out: HeldOut, max_error: float) -> SureEnough | None:
    return SureEnough.of(
        "class", held_out, max_error, grade=lambda answer, truth: held_out.grades, surety=lambda answer: answer.amax(dim=1)
    )


if __name__ == "__main__":
    main()
