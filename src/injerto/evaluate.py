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
from injerto.bootstrap_units import group_units, those_in
from injerto.evaluate_notes import notes_of
from injerto.examples import require_columns
from injerto.heads.head import Head
from injerto.labelled import labelled_heads, require_labels
from injerto.learner import heads_of
from injerto.metrics import METRICS
from injerto.metrics.intervals import Intervals, bootstrap
from injerto.progress import Progress, Silent
from injerto.table.grouping import Grouping
from injerto.table.ledger import Ledger
from injerto.table.table import Table

Figures = dict[str, float]


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
    otherwise. A target whose columns the table lacks is not scored, and noted. *Raises* ColumnError when all targets, an input
    or the column `by` are missing, or a target's name looks misspelt; TableError without any label.
    """
    progress = progress or Silent()
    network = artifact.network
    table = with_photos(network, table, progress)
    require_columns(table, [by] if by else [])
    heads, unlabelled = labelled_heads(heads_of(network), table)
    require_labels(heads, table)
    examples, _ = served(network, table, cache=cache, progress=progress)
    usable = np.flatnonzero(examples.usable)
    answers = placed(network, table.take(usable), answers_of(network, examples, usable, progress))
    scores = score(heads, table.take(usable), answers, group=artifact.schema.split.grouping, by=by)
    notes = notes_of(artifact, table, heads, unlabelled)
    return Evaluation(len(table), len(table) - len(usable), scores, examples.ledger, tuple(notes))


def score(
    heads: Mapping[str, Head],
    table: Table,
    answers: Mapping[str, Tensor],
    *,
    group: Grouping | None = None,
    by: str | None = None,
) -> dict[str, TargetScore]:
    """Figures of `answers`, one tensor a target over the rows of `table`."""
    scores = {}
    units = group_units(table, those_in(table, group))
    for name, head in heads.items():
        truth = head.truth(head.column(table))
        labelled = truth.known.numpy()
        rows = torch.from_numpy(np.flatnonzero(labelled))
        true, given = truth.value[rows].numpy(), answers[name][rows].numpy()
        groups = None if units is None else units[labelled]
        metric = METRICS[head.kind]
        intervals = bootstrap(metric, true, given, groups=groups) if len(true) else {}
        parts = {part: metric(true[:, [place]], given[:, [place]]) for place, part in enumerate(head.parts)}
        by_group = _by(table, by, labelled, metric, true, given)
        scores[name] = TargetScore(len(true), metric(true, given), intervals, by_group, parts)
    return scores


def _by(table: Table, by: str | None, labelled: np.ndarray, metric: Any, true: Any, given: Any) -> dict[str, Figures]:
    if by is None:
        return {}
    values = table.column(by).values.cast(pl.String).fill_null("(empty)").to_numpy()[labelled]
    return {str(value): metric(true[values == value], given[values == value]) for value in sorted(set(values))}
