"""Whether a kept model of right whales is honest: names, and the chance of being new, before and after calibration.

Asked are the photos that `whales.py --newcomers N --seed S --out FOLDER` held out: they taught nothing and fitted nothing.
Intervals draw whole whales. By chance: as in `calibration.py`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from whales import whales

import injerto
from injerto.answering import answers_of, placed, placed_uncalibrated, served
from injerto.heads.answer_layout import NEW
from injerto.heads.head import Head
from injerto.metrics.binned import expected_calibration_error
from injerto.metrics.calibration import individual_calibration
from injerto.metrics.individual import half_each, likeliest_name
from injerto.metrics.paired import Side, paired_bootstrap
from injerto.progress import Silent
from injerto.table.groups import codes_of

TARGET = "whale"
DRAWS = 200
PROMISED = (0.05, 0.1, 0.2)
FIGURES = {"names": ("ece", "brier", "log_loss"), "new or known": ("new_ece", "new_brier", "new_log_loss")}


def whale_table(folder: Path, data: Path, newcomers: int, seed: int) -> str:
    """A table of figures before and after, of the model in `folder`, with the differences' intervals."""
    model = injerto.load(folder)
    table, tested = whales(data, newcomers, seed)
    rows = table.take(np.flatnonzero(tested))
    network = model.network
    examples, _ = served(network, rows, cache=None, progress=Silent())
    usable = np.flatnonzero(examples.usable)
    there, found = rows.take(usable), answers_of(network, examples, usable, Silent())
    head = network.targets[TARGET]
    truth = head.truth(head.column(there)).value.numpy()
    after = placed(network, there, found)[TARGET].numpy()
    before = placed_uncalibrated(network, there, found, {})[TARGET].numpy()
    was, now = individual_calibration(truth, before), individual_calibration(truth, after)
    units = codes_of(there.column(TARGET).values)
    apart = paired_bootstrap(individual_calibration, Side(truth, before), Side(truth, after), groups=units, draws=1000)
    chance = {"ece": names_by_chance(after[truth == 1]), "new_ece": new_by_chance(after, truth == 0)}
    lines = ["| right whales | photos | figure | before | after | difference, 95 % | by chance |", f"|{'---|' * 7}"]
    for what, figures in FIGURES.items():
        count = int((truth == 1).sum()) if what == "names" else len(truth)
        for name in figures:
            low, high = apart[name]
            lines.append(
                f"| {what} | {count} | {name} | {was[name]:.4f} | {now[name]:.4f} | {low:+.4f} to {high:+.4f} | "
                f"{f'{chance[name]:.4f}' if name in chance else ''} |"
            )
    return "\n".join([*lines, "", *promise_lines(head, torch.from_numpy(after), torch.from_numpy(truth))])


def promise_lines(head: Head, answer: torch.Tensor, truth: torch.Tensor) -> list[str]:
    """How errors promised were kept: shares of answers given and of wrong ones among these, both kinds counting half."""
    weight = half_each((truth == 0).numpy())
    lines = ["| errors promised | answered | wrong of those answered |", f"|{'---|' * 3}"]
    for share in PROMISED:
        rule = head.abstention(share)
        if rule is None:
            lines.append(f"| {share} | cannot be promised | |")
            continue
        given, wrong = rule.told(answer).numpy(), rule.wrong(answer, truth).numpy()
        answered = float(weight[given].sum() / weight.sum())
        error = f"{np.average(wrong[given], weights=weight[given]):.3f}" if given.any() else "-"
        lines.append(f"| {share} | {answered:.3f} | {error} |")
    return lines


def names_by_chance(answer: np.ndarray, seed: int = 0) -> float:
    """The mean ECE of the likeliest names if they were right exactly as often as they say."""
    random, sure = np.random.default_rng(seed), likeliest_name(answer)[0]
    return float(np.mean([expected_calibration_error(sure, random.random(len(sure)) < sure) for _ in range(DRAWS)]))


def new_by_chance(answer: np.ndarray, new: np.ndarray, seed: int = 0) -> float:
    """The mean ECE of the chance of being new if it were exactly right, in tables with as many new ones as this one."""
    random, chance, share = np.random.default_rng(seed), answer[:, NEW], new.mean()
    odds = chance / (1 - chance) * share / (1 - share)
    drawn = [random.random(len(chance)) < odds / (1 + odds) for _ in range(DRAWS)]
    return float(np.mean([expected_calibration_error(chance, one, half_each(one)) for one in drawn]))
