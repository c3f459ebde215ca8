"""Repeated k-fold: how good models learned in the same way are, on every row that does not test."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from injerto.against import against
from injerto.answering import answers_of
from injerto.artifact.artifact import Artifact
from injerto.examples import Examples
from injerto.heads import HEADS
from injerto.heads.head import Head
from injerto.learner import heads_of
from injerto.learning.division import Division
from injerto.metrics import METRICS
from injerto.metrics.figures import Array, Metric
from injerto.metrics.intervals import bootstrap
from injerto.metrics.verdict import BASELINE
from injerto.network import Network
from injerto.progress import Progress, Silent
from injerto.schema.schema import Schema
from injerto.table.allot import allot
from injerto.table.folds import folds
from injerto.table.split import Rows
from injerto.table.table import Table

Learn = Callable[[Schema, Division], tuple[Network, Examples]]
"""A schema and a division to a network that learned from its train and tune rows, and the table as that one sees it."""

PART = "folds"
"""Its name among the parts of `Artifact.scores`."""


@dataclass(frozen=True)
class _Told:
    """Of one target, for the eligible rows (n,) and each repeat (R): truth and answers as the metrics take them."""

    truth: list[np.ndarray]
    answer: list[np.ndarray]
    plain: list[np.ndarray]


def cross_validate(
    artifact: Artifact, table: Table, division: Division, usable: np.ndarray, learn: Learn, seconds: float, progress: Progress
) -> None:
    """Put the scores of `split.folds` x `split.repeats` models into `artifact.scores`; the test rows are not touched.

    Folds keep each unit whole and spread the first target's classes. Every model learns as `artifact` did, which took
    `seconds`, by the way that was chosen for it. Figures are means over the repeats, each over all rows at once; intervals
    draw whole units, the same in every repeat.
    """
    split = artifact.schema.split
    assert split.folds is not None
    models = split.folds * split.repeats
    progress.say(f"{models} more models for {split.folds} folds x {split.repeats}: about {_spoken(models * seconds)}.")
    started, rows = time.perf_counter(), np.sort(np.concatenate([artifact.rows.train, artifact.rows.tune]))
    rows = rows[usable[rows]]
    schema = _as_chosen(artifact)
    whole = {name: HEADS[head.kind](name, head.options).fit(head.column(table.take(rows))) for name, head in _heads(artifact)}
    told = {name: _Told([], [], []) for name in whole}
    with progress.step("learning folds", models) as bar:
        for repeat in range(split.repeats):
            fold = _folds(whole, table, rows, division.unit, split.folds, schema.training.seed + repeat)
            asked = {name: _Asked(head, len(rows)) for name, head in whole.items()}
            for place in range(split.folds):
                out = fold == place
                network, examples = learn(schema, _division(schema, rows, out, division.unit, repeat))
                answers = answers_of(network, examples, rows[out], Silent())
                for name, head in heads_of(network).items():
                    asked[name].put(head, table.take(rows[out]), out, answers[name])
                bar.advance()
            for name, one in asked.items():
                told[name].truth.append(one.truth)
                told[name].answer.append(one.answer)
                told[name].plain.append(one.plain)
    taken = round(time.perf_counter() - started, 1)
    artifact.scores[PART] = {
        name: _score(whole[name], table.take(rows), one, division.unit[rows])
        | {"folds": split.folds, "repeats": split.repeats, "seconds": taken}
        for name, one in told.items()
    }


class _Asked:
    """One repeat's truth and answers, filled fold by fold, in the levels that all eligible rows have."""

    def __init__(self, whole: Head, rows: int) -> None:
        shape = (rows, len(whole.choices)) if whole.choices else (rows,)
        self.whole = whole
        self.truth = np.zeros(shape if whole.kind == "classes" else rows)
        self.answer, self.plain = np.zeros(shape), np.zeros(shape)

    def put(self, head: Head, table: Table, out: np.ndarray, answer: Tensor) -> None:
        """What a fold's `head` answered to `table`, the rows marked in `out` (n,); a class it never saw is unknown to it."""
        truth = self.whole.truth(self.whole.column(table)).value.numpy()
        if head.kind == "class":
            truth = np.where(head.truth(head.column(table)).value.numpy() < 0, -1, truth)
        self.truth[out] = truth
        self.answer[out] = self._placed(head, answer)
        self.plain[out] = self._placed(head, head.baseline(int(out.sum())))

    def _placed(self, head: Head, answer: Tensor) -> np.ndarray:
        if not self.whole.choices:
            return answer.numpy()
        placed = torch.zeros(len(answer), len(self.whole.choices), dtype=torch.float64)
        placed[:, [self.whole.choices.index(choice) for choice in head.choices]] = answer.double()
        return placed.numpy()


def averaged(metric: Metric) -> Metric:
    """The mean of each figure over repeats: truths (N,R,...) and answers (N,R,...); of figures that every repeat allows."""

    def mean(truth: Array, answer: Array) -> dict[str, float]:
        each = [metric(truth[:, place], answer[:, place]) for place in range(truth.shape[1])]
        return {name: float(np.mean([one[name] for one in each])) for name in each[0] if all(name in one for one in each)}

    return mean


def _score(head: Head, table: Table, told: _Told, unit: np.ndarray) -> dict[str, Any]:
    known = np.flatnonzero(head.truth(head.column(table)).known.numpy())
    truth, answer, plain = (np.stack(each, axis=1)[known] for each in (told.truth, told.answer, told.plain))
    metric, own = METRICS[head.kind], unit[known]
    units = None if len(np.unique(own)) == len(own) else own
    of_repeat = [metric(truth[:, place], answer[:, place]) for place in range(truth.shape[1])]
    names = sorted(set.intersection(*(set(one) for one in of_repeat)))
    mean = averaged(metric)
    return {
        **mean(truth, answer),
        "rows": len(known),
        "intervals": bootstrap(mean, truth, answer, groups=units),
        "baseline": mean(truth, plain),
        "of_repeats": {name: [one[name] for one in of_repeat] for name in names},
        "against": {BASELINE: against(head.kind, truth, answer, plain, units, metric=mean)},
    }


def _heads(artifact: Artifact) -> list[tuple[str, Head]]:
    return list(heads_of(artifact.network).items())


def _as_chosen(artifact: Artifact) -> Schema:
    """The schema with the way of learning that was kept, so that no fold measures both again."""
    mode = "finetune" if artifact.chosen == "finetune" else "probe"
    return artifact.schema.model_copy(update={"training": artifact.schema.training.model_copy(update={"mode": mode})})


def _folds(whole: Mapping[str, Head], table: Table, rows: np.ndarray, unit: np.ndarray, count: int, seed: int) -> np.ndarray:
    """The fold (n,) of each of `rows`. *Raises* TableError when there are fewer units than folds."""
    head = next(iter(whole.values()))
    strata = np.zeros(len(rows), dtype=np.int64)
    if head.kind == "class":
        strata = head.truth(head.column(table.take(rows))).value.numpy().astype(np.int64)
    return folds(count, strata=strata, groups=unit[rows], seed=seed)


def _division(schema: Schema, rows: np.ndarray, out: np.ndarray, unit: np.ndarray, repeat: int) -> Division:
    """The rows of other folds to train and to tune, in the shares of the whole split."""
    others = rows[~out]
    tune = schema.split.tune_share / (1 - schema.split.test_share)
    own = np.unique(unit[others], return_inverse=True)[1]
    side = allot(np.array([1 - tune, tune]), unit=own, strata=None, seed=schema.training.seed + repeat)
    return Division(Rows(others[side == 0], others[side == 1], rows[out], ""), unit)


def _spoken(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
