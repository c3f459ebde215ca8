"""Evaluate: how good a model's answers are on rows with known labels, with intervals, overall and by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.answering import answers_of, placed, served, with_photos
from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.errors import TableError
from injerto.examples import require_columns
from injerto.heads.head import Head
from injerto.learner import heads_of
from injerto.metrics import METRICS, bootstrap
from injerto.progress import Progress, Silent
from injerto.table.groups import codes_of
from injerto.table.ledger import Ledger
from injerto.table.table import Table

Figures = dict[str, float]
Intervals = dict[str, tuple[float, float]]
_SHOWN_CLASSES = 10


@dataclass(frozen=True)
class TargetScore:
    """Figures of one target over `rows` labelled rows, their intervals, and the same figures by group."""

    rows: int
    figures: Figures
    intervals: Intervals
    groups: dict[str, Figures] = field(default_factory=dict)
    parts: dict[str, Figures] = field(default_factory=dict)
    """The figures of each part of the label: of each point."""

    def to_json(self) -> dict[str, Any]:
        """Figures at the top, so that a script reads `targets.NAME.accuracy`."""
        data: dict[str, Any] = {**self.figures, "rows": self.rows, "intervals": self.intervals}
        more = {"groups": self.groups, "points": self.parts}
        return data | {name: figures for name, figures in more.items() if figures}


@dataclass(frozen=True)
class Evaluation:
    """The score of a model on a table."""

    rows: int
    unusable: int
    targets: dict[str, TargetScore]
    ledger: Ledger
    notes: tuple[str, ...] = ()
    """Why the figures may say less, or other, than they seem to."""

    def to_json(self) -> dict[str, Any]:
        """The evaluation as a script wants it."""
        targets = {name: score.to_json() for name, score in self.targets.items()}
        return {"rows": self.rows, "unusable": self.unusable, "targets": targets, "notes": list(self.notes)}


def evaluate(
    artifact: Artifact,
    table: Table,
    *,
    by: str | None = None,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Score the answers on every labelled row that can be used.

    Intervals hold 95 % of bootstrap draws: of whole groups when the model was split by a group column the table has, of rows
    otherwise. *Raises* ColumnError when a target, an input or the column `by` is missing, TableError without any label.
    """
    progress = progress or Silent()
    network = artifact.network
    table = with_photos(network, table, progress)
    heads = heads_of(network)
    require_columns(table, [*(name for head in heads.values() for name in head.reads(table.columns)), *([by] if by else [])])
    _require_labels(heads, table)
    examples, _ = served(network, table, cache=cache, progress=progress)
    usable = np.flatnonzero(examples.usable)
    answers = placed(network, table.take(usable), answers_of(network, examples, usable, progress))
    scores = score(heads, table.take(usable), answers, group=artifact.schema.split.group, by=by)
    unsaid = [said for head in heads.values() if (said := head.unsaid(table.columns))]
    notes = [*_seen_before(artifact, table), *never_seen(heads, table), *unsaid]
    return Evaluation(len(table), len(table) - len(usable), scores, examples.ledger, tuple(notes))


def score(
    heads: Mapping[str, Head], table: Table, answers: Mapping[str, Tensor], *, group: str | None = None, by: str | None = None
) -> dict[str, TargetScore]:
    """Figures of `answers`, one tensor a target over the rows of `table`."""
    scores = {}
    for name, head in heads.items():
        truth = head.truth(head.column(table))
        labelled = truth.known.numpy()
        rows = torch.from_numpy(np.flatnonzero(labelled))
        true, given = truth.value[rows].numpy(), answers[name][rows].numpy()
        groups = _codes(table, group, labelled)
        metric = METRICS[head.kind]
        intervals = bootstrap(metric, true, given, groups=groups) if len(true) else {}
        parts = {part: metric(true[:, [place]], given[:, [place]]) for place, part in enumerate(head.parts)}
        by_group = _by(table, by, labelled, metric, true, given)
        scores[name] = TargetScore(len(true), metric(true, given), intervals, by_group, parts)
    return scores


def _codes(table: Table, group: str | None, labelled: np.ndarray) -> np.ndarray | None:
    if group is None or group not in table.columns:
        return None
    codes: np.ndarray = codes_of(table.column(group).values)[labelled]
    return codes


def _by(table: Table, by: str | None, labelled: np.ndarray, metric: Any, true: Any, given: Any) -> dict[str, Figures]:
    if by is None:
        return {}
    values = table.column(by).values.cast(pl.String).fill_null("(empty)").to_numpy()[labelled]
    return {str(value): metric(true[values == value], given[values == value]) for value in sorted(set(values))}


def _require_labels(heads: Mapping[str, Head], table: Table) -> None:
    """*Raises* TableError when no row holds a label of any target."""
    if any(bool(head.truth(head.column(table)).known.any()) for name, head in heads.items()):
        return
    found = []
    for name, head in heads.items():
        column = table.column(head.reads(table.columns)[0])
        filled = np.flatnonzero(column.values.is_not_null().to_numpy()).tolist()
        holds = f"row {column.row(filled[0])} holds {column.cell(filled[0])!r}" if filled else "every cell is empty"
        found.append(f"\n  - '{name}' ({head.kind}): {holds}")
    raise TableError(
        f"The table '{table.name}' has no known label in its {len(table):,} rows, so there is nothing to score:"
        f"{''.join(found)}\nFill in what is known, or ask for answers with `injerto predict`."
    )


def _seen_before(artifact: Artifact, table: Table) -> list[str]:
    """A note when these are the rows that taught the model."""
    if "digest" not in artifact.facts or artifact.facts["digest"] != table.digest():
        return []
    rows = artifact.rows
    honest = (
        f"The honest score, on the {len(rows.test):,} rows it never saw, stands in the model's card and report."
        if len(rows.test)
        else "No row was kept apart for an honest score: evaluate on other rows."
    )
    return [
        f"This is the table the model was trained on: {len(rows.train):,} of its {len(table):,} rows taught it and "
        f"{len(rows.tune):,} chose its settings, so these figures are too kind. {honest}"
    ]


def never_seen(heads: Mapping[str, Head], table: Table) -> list[str]:
    """A note for each target that has classes here which training did not show."""
    notes = []
    for name, head in heads.items():
        strange = head.strange(head.column(table))
        if not len(strange):
            continue
        classes = strange.unique().sort().to_list()
        more = f" and {len(classes) - _SHOWN_CLASSES} more" if len(classes) > _SHOWN_CLASSES else ""
        notes.append(
            f"{head.strange_words.format(name)}: "
            f"{', '.join(map(str, classes[:_SHOWN_CLASSES]))}{more}; labels with them: {len(strange):,}. "
            f"They {head.strange_fate}."
        )
    return notes
