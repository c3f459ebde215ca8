"""Repeated k-fold: how good models learned in the same way are, on every row that does not test."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from injerto.against import against
from injerto.answering import answers_of
from injerto.artifact.artifact import Artifact
from injerto.errors import TableError, TrainingError
from injerto.examples import Examples
from injerto.folded_answers import FoldedAnswers
from injerto.heads.head import Head
from injerto.individual_network import IndividualNetwork
from injerto.learner import Learner, heads_of
from injerto.learning.division import Division, individuals_in
from injerto.learning.hold_out import hold_out, whole_in_one_fold
from injerto.metrics import METRICS
from injerto.metrics.figures import Array, Metric
from injerto.metrics.intervals import bootstrap
from injerto.metrics.verdict import BASELINE
from injerto.photos import Photos
from injerto.progress import Progress, Silent
from injerto.schema.schema import Schema
from injerto.table.allot import allot
from injerto.table.folds import folds
from injerto.table.split import Rows
from injerto.table.table import Table

Learn = Callable[[Schema, Division], tuple[Learner, Examples | Photos]]
"""A schema and a division to a network that learned from its train and tune rows, and the table as that one sees it."""

PART = "folds"
"""Its name among the parts of `Artifact.scores`."""


@dataclass(frozen=True)
class _Told:
    """Of one target, for the eligible rows (n,) and each repeat (R): truth and answers as the metrics take them."""

    truth: list[np.ndarray]
    answer: list[np.ndarray]
    plain: list[np.ndarray]


def try_folds(
    artifact: Artifact, table: Table, division: Division, usable: np.ndarray, learn: Learn, seconds: float, progress: Progress
) -> None:
    """Scores over folds, where the schema asks for such. What no fold can learn costs these scores and not the model."""
    if artifact.schema.split.folds is None:
        return
    try:
        cross_validate(artifact, table, division, usable, learn, seconds, progress)
    except (TrainingError, TableError) as slip:
        progress.say(f"Warning: there are no scores over folds, as one of them cannot be learned: {slip}")


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
    individual = individuals_in(table, schema) if with_newcomers(schema) else None
    whole = {name: type(head)(name, head.options).fit(head.column(table.take(rows))) for name, head in _heads(artifact)}
    told = {name: _Told([], [], []) for name in whole}
    with progress.step("learning folds", models) as bar:
        for repeat in range(split.repeats):
            fold = _folds(whole, table, rows, division.unit, split.folds, schema.training.seed + repeat, individual)
            asked = {name: FoldedAnswers(head, len(rows)) for name, head in whole.items()}
            for place in range(split.folds):
                out = fold == place
                network, examples = learn(schema, _division(schema, rows, out, division.unit, repeat, individual))
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
    """The schema with the way of learning that was kept, so that no fold measures it again."""
    if isinstance(artifact.network, IndividualNetwork):
        name, detail = artifact.network.head.name, artifact.network.trunk.detail
        targets = artifact.schema.targets
        return artifact.schema.model_copy(
            update={"targets": {**targets, name: targets[name].model_copy(update={"detail": detail})}}
        )
    mode = "finetune" if artifact.chosen == "finetune" else "probe"
    return artifact.schema.model_copy(update={"training": artifact.schema.training.model_copy(update={"mode": mode})})


def with_newcomers(schema: Schema) -> bool:
    """Whether some individuals must stand in one fold whole, so that there are new ones to be told from known ones."""
    return schema.individual is not None and not schema.split.names_in(schema.individual[0])


def _folds(
    whole: Mapping[str, Head],
    table: Table,
    rows: np.ndarray,
    unit: np.ndarray,
    count: int,
    seed: int,
    individual: np.ndarray | None,
) -> np.ndarray:
    """The fold (n,) of each of `rows`; some of the individuals (codes (N,)) are in one whole. *Raises* TableError when there
    are fewer units than folds."""
    head = next(iter(whole.values()))
    strata = np.zeros(len(rows), dtype=np.int64)
    if individual is not None:
        own = individual[rows]
        return folds(count, strata=own, groups=whole_in_one_fold(own, unit[rows], count, seed=seed), seed=seed)
    if head.kind == "class":
        strata = head.truth(head.column(table.take(rows))).value.numpy().astype(np.int64)
    return folds(count, strata=strata, groups=unit[rows], seed=seed)


def _division(
    schema: Schema, rows: np.ndarray, out: np.ndarray, unit: np.ndarray, repeat: int, individual: np.ndarray | None
) -> Division:
    """The rows of other folds to train and to tune, in the shares of the whole split."""
    others = rows[~out]
    tune = schema.split.tune_share / (1 - schema.split.test_share)
    own = np.unique(unit[others], return_inverse=True)[1]
    side = allot(np.array([1 - tune, tune]), unit=own, strata=None, seed=schema.training.seed + repeat)
    found = Rows(others[side == 0], others[side == 1], rows[out], "")
    if individual is not None:
        found = hold_out(found, individual, unit, seed=schema.training.seed + repeat, test=False)
    return Division(found, unit)


def _spoken(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
