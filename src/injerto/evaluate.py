"""Evaluate: how good a model's answers are on rows with known labels, with intervals, overall and by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.against import Against, against
from injerto.answered_rows import answered_pieces, answered_rows, in_pieces
from injerto.answering import with_photos
from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import Known, recognised
from injerto.artifact.touches import Counted
from injerto.backbones.cache import VectorCache
from injerto.bootstrap_units import group_units, groupings_of, those_in
from injerto.calibration import calibration_of
from injerto.evaluate_notes import groups_lack, notes_of, part_asked
from injerto.examples import require_columns
from injerto.heads.head import Head
from injerto.labelled import labelled_heads, require_labels
from injerto.learner import heads_of
from injerto.metrics import METRICS
from injerto.metrics.figures import Metric
from injerto.metrics.intervals import Intervals, bootstrap
from injerto.metrics.verdict import BASELINE
from injerto.progress import Progress, Silent
from injerto.promises import Promises, kept, promises_of
from injerto.rivals import linear
from injerto.table.grouping import Grouping
from injerto.table.ledger import Ledger
from injerto.table.long_table import LongTable
from injerto.table.table import Table

Figures = dict[str, float]

MOST_GROUPS = 100
"""Values of a column for which intervals are drawn, too."""


@dataclass(frozen=True)
class TargetScore:
    """Figures of one target over `rows` labelled rows, their intervals, and the same figures by group."""

    rows: int
    figures: Figures
    intervals: Intervals
    groups: dict[str, Figures] = field(default_factory=dict)
    parts: dict[str, Figures] = field(default_factory=dict)
    """The figures of each part of the label: of each point."""
    baseline: Figures = field(default_factory=dict)
    """The figures of the best answer that never looks at the row."""
    rivals: dict[str, Figures] = field(default_factory=dict)
    """The figures of plain models that learned from the same rows, by name."""
    against: dict[str, Against] = field(default_factory=dict)
    """How the model differs from the baseline and from each rival."""
    group_intervals: dict[str, Intervals] = field(default_factory=dict)
    part_intervals: dict[str, Intervals] = field(default_factory=dict)
    honesty: dict[str, Any] = field(default_factory=dict)
    """`calibration`, before and after; `abstention` and `sets`, how what was promised was kept, where it was asked for."""

    def to_json(self) -> dict[str, Any]:
        """Figures at the top, so that a script reads `targets.NAME.accuracy`."""
        data: dict[str, Any] = {**self.figures, "rows": self.rows, "intervals": self.intervals, "baseline": self.baseline}
        more: dict[str, Any] = {"groups": self.groups, "points": self.parts}
        more |= {"rivals": self.rivals, "against": self.against}
        more |= {"group_intervals": self.group_intervals, "point_intervals": self.part_intervals}
        return data | {name: figures for name, figures in more.items() if figures} | self.honesty


@dataclass(frozen=True)
class Evaluation:
    """The score of a model on a table."""

    rows: int
    unusable: int
    targets: dict[str, TargetScore]
    ledger: Ledger
    notes: tuple[str, ...] = ()
    """Why the figures may say less, or other, than they seem to."""
    known: Known | None = None
    """Rows that the model has met before."""
    looks: Counted | None = None
    """How often its test rows have been looked at, where these are among them."""

    def to_json(self) -> dict[str, Any]:
        """The evaluation as a script wants it."""
        targets = {name: score.to_json() for name, score in self.targets.items()}
        told = {"rows": self.rows, "unusable": self.unusable, "targets": targets, "notes": list(self.notes)}
        if self.known is None or self.looks is None:
            return told
        return told | {"looks": {"test_rows": self.known.test, "of": self.known.test_rows, "times": self.looks.times}}


def evaluate(
    artifact: Artifact,
    table: Table | LongTable,
    *,
    by: str | None = None,
    max_error: float | None = None,
    coverage: float | None = None,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Score the answers on every labelled row that can be used; with `max_error` or `coverage`, how that promise was kept, too.

    Intervals hold 95 % of bootstrap draws: of whole groups when the model was split by a group column the table has, or knows
    sightings, of rows otherwise. A target whose columns the table lacks is not scored, and noted. A long table is answered
    piece by piece, all rows where their answers fit into the memory; of one with files the sample is asked.

    *Raises* ColumnError when all targets, an input or the column `by` are missing, or a target's name looks misspelt;
    TableError without any label; PromiseError when the model cannot promise what was asked.
    """
    promises = promises_of(heads_of(artifact.network), max_error=max_error, coverage=coverage)
    progress = progress or Silent()
    network, rows = artifact.network, with_photos(artifact.network, table.sample, progress)
    given = table if isinstance(table, LongTable) else rows
    require_columns(rows, [by] if by else [])
    heads, unlabelled = labelled_heads(heads_of(network), rows)
    groupings = groupings_of(artifact.schema)
    if isinstance(table, LongTable) and in_pieces(network):
        found = answered_pieces(artifact, table, _columns(heads, rows, groupings, by), progress)
        require_labels(heads, found.table)
    else:
        require_labels(heads, rows)
        found = answered_rows(artifact, rows, cache=cache, progress=progress)
    there = found.there
    units = group_units(there, those_in(rows, *groupings))
    scores = score(heads, there, found.answers, units=units, by=by)
    for name, head in heads.items():
        plain = found.uncalibrated.get(name)
        scores[name].honesty.update(_honesty(head, there, found.answers[name], plain, promises, units))
    plainer = {BASELINE: {name: head.placed(head.baseline(len(there)), there) for name, head in heads.items()}}
    if found.linear:
        plainer[linear.NAME] = found.linear
    for rival, answers in plainer.items():
        for name, apart in apart_of(heads, there, found.answers, answers, units).items():
            scores[name].against[rival] = apart
        if rival != BASELINE:
            for name, figures in figures_of(heads, there, answers).items():
                scores[name].rivals[rival] = figures
    known = recognised(artifact.contents, artifact.rows, found.contents)
    notes = [
        *part_asked(len(found.table), len(given), files=not in_pieces(network)),
        *notes_of(artifact, given, found.table, heads, unlabelled, known),
        *groups_lack(groupings, rows),
        *promises.notes,
    ]
    return Evaluation(len(found.table), len(found.table) - len(found.usable), scores, found.ledger, tuple(notes), known)


def _columns(heads: Mapping[str, Head], rows: Table, groupings: Sequence[Grouping], by: str | None) -> list[str]:
    """The columns that scoring reads, of those that `rows` have."""
    labels = [column for head in heads.values() for column in head.reads(rows.columns)]
    grouped = [one.column for one in those_in(rows, *groupings)]
    return list(dict.fromkeys([*labels, *grouped, *([by] if by else [])]))


def score(
    heads: Mapping[str, Head],
    table: Table,
    answers: Mapping[str, Tensor],
    *,
    units: np.ndarray | None = None,
    by: str | None = None,
) -> dict[str, TargetScore]:
    """Figures of `answers`, one tensor a target over the rows of `table`; `units` (N,) are what a bootstrap draws whole."""
    scores = {}
    for name, head in heads.items():
        truth = head.truth(head.column(table))
        labelled = np.flatnonzero(truth.known.numpy())
        rows = torch.from_numpy(labelled)
        judged = _Judged(METRICS[head.kind], truth.value[rows].numpy(), answers[name][rows].numpy(), _some(units, labelled))
        plain = head.placed(head.baseline(len(table)), table)[rows].numpy()
        parts = {part: judged.part(place) for place, part in enumerate(head.parts)}
        groups = {value: judged.take(places) for value, places in _places(table, by, labelled).items()}
        scores[name] = TargetScore(
            rows=len(rows),
            figures=judged.figures,
            intervals=judged.intervals,
            groups={value: one.figures for value, one in groups.items()},
            parts={part: one.figures for part, one in parts.items()},
            baseline=judged.metric(judged.true, plain),
            group_intervals={value: one.intervals for value, one in groups.items() if len(groups) <= MOST_GROUPS},
            part_intervals={part: one.intervals for part, one in parts.items()},
        )
    return scores


def _honesty(
    head: Head, table: Table, answer: Tensor, plain: Tensor | None, promises: Promises, units: np.ndarray | None
) -> dict[str, Any]:
    """Calibration before and after, and how promises were kept, on the labelled rows of `table`."""
    true, given, rows = _labelled(head, table, answer)
    if not len(rows):
        return {}
    calibration = {} if plain is None else calibration_of(head, table, plain, answer)
    told = kept(promises, head.name, torch.from_numpy(given), torch.from_numpy(true), _some(units, rows))
    return ({"calibration": calibration} if calibration else {}) | told


def figures_of(heads: Mapping[str, Head], table: Table, answers: Mapping[str, Tensor]) -> dict[str, Figures]:
    """Figures of each target's answers over the labelled rows of `table`."""
    return {name: METRICS[head.kind](*_labelled(head, table, answers[name])[:2]) for name, head in heads.items()}


def apart_of(
    heads: Mapping[str, Head],
    table: Table,
    answers: Mapping[str, Tensor],
    plainer: Mapping[str, Tensor],
    units: np.ndarray | None,
) -> dict[str, Against]:
    """How each target's answers differ from `plainer` ones on the same rows of `table`; `units` (N,) are drawn whole."""
    found = {}
    for name, head in heads.items():
        true, own, rows = _labelled(head, table, answers[name])
        plain = _labelled(head, table, plainer[name])[1]
        found[name] = against(head.kind, true, own, plain, _some(units, rows))
    return found


def _labelled(head: Head, table: Table, answer: Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth and answers (n,...) of the labelled rows, and where these are."""
    truth = head.truth(head.column(table))
    rows = truth.known.nonzero()[:, 0]
    return truth.value[rows].numpy(), answer[rows].numpy(), rows.numpy()


@dataclass(frozen=True)
class _Judged:
    """True values and answers (N,...) of labelled rows, and the unit (N,) that each belongs to."""

    metric: Metric
    true: np.ndarray
    given: np.ndarray
    units: np.ndarray | None

    @property
    def figures(self) -> Figures:
        return self.metric(self.true, self.given)

    @property
    def intervals(self) -> Intervals:
        return bootstrap(self.metric, self.true, self.given, groups=self.units) if len(self.true) else {}

    def take(self, rows: np.ndarray) -> _Judged:
        return _Judged(self.metric, self.true[rows], self.given[rows], _some(self.units, rows))

    def part(self, place: int) -> _Judged:
        return _Judged(self.metric, self.true[:, [place]], self.given[:, [place]], self.units)


def _some(units: np.ndarray | None, rows: np.ndarray) -> np.ndarray | None:
    return None if units is None else units[rows]


def _places(table: Table, by: str | None, labelled: np.ndarray) -> dict[str, np.ndarray]:
    """By each value of the column `by`: where among the `labelled` rows it stands."""
    if by is None:
        return {}
    values = table.column(by).values.cast(pl.String).fill_null("(empty)").gather(labelled)
    found = pl.DataFrame({"value": values, "place": np.arange(len(labelled))}).group_by("value").agg("place").sort("value")
    return {value: places.to_numpy() for value, places in zip(found["value"], found["place"], strict=True)}
