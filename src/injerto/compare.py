"""Compare: two models on the same labelled rows, and whether the difference between them is more than chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
import torch
from torch import Tensor

from injerto.answering import answers_of, placed, served, with_photos
from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.bootstrap_units import group_units, groupings_of, those_in
from injerto.common_ground import common_ground
from injerto.compare_notes import few_units, group_lacks, left_out, of_either, shared_heads, told_by
from injerto.comparison import Comparison, Difference, Letter, TargetComparison
from injerto.errors import ColumnError, ComparisonError
from injerto.evaluate_notes import known_rows
from injerto.examples import Examples
from injerto.heads.head import Head
from injerto.labelled import labelled_heads, require_labels
from injerto.learner import heads_of
from injerto.metrics import METRICS
from injerto.metrics.paired import Side, differences, paired_bootstrap
from injerto.photos import Photos
from injerto.progress import Progress, Silent
from injerto.table.grouping import Grouping
from injerto.table.ledger import Entry, Ledger
from injerto.table.table import Table


@dataclass(frozen=True)
class _Asked:
    """One of the models, the table as it takes it, and the heads that are compared."""

    artifact: Artifact
    table: Table
    heads: dict[str, Head]
    examples: Examples | Photos

    def answers(self, rows: np.ndarray, progress: Progress) -> dict[str, Tensor]:
        """Its answers to the rows at `rows`, in the user's units."""
        network = self.artifact.network
        return placed(network, self.table.take(rows), answers_of(network, self.examples, rows, progress))


def compare(
    first: Artifact,
    second: Artifact,
    table: Table,
    *,
    group: str | None = None,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Figures of `first` (A) and `second` (B) on every row that both can use and that is labelled for both, and B - A.

    Intervals are of a paired bootstrap: both models are measured on the same draws, of whole groups of the column `group` or,
    without it, of the columns that the models were split by and that the table has; of rows where it has none.

    *Raises* ComparisonError when the models share no target or no row counts for both; ColumnError when an input, the labels
    of all targets or the column `group` are missing; TableError without any label.
    """
    progress = progress or Silent()
    if group is not None:
        table.column(group)
    heads, notes = shared_heads(heads_of(first.network), heads_of(second.network))
    asked = [
        _asked("A", first, heads[0], table, cache, progress),
        _asked("B", second, heads[1], table, cache, progress),
    ]
    known = tuple(known_rows(one.artifact, one.table) for one in asked)
    said = [told_by(one.artifact, one.table, one.heads, own, met) for one, own, met in zip(asked, heads, known, strict=True)]
    lacking = of_either(*said)
    a, b = (one.examples.usable for one in asked)
    unusable = {"A": int((~a).sum()), "B": int((~b).sum()), "both": int((~a & ~b).sum())}
    rows = np.flatnonzero(a & b)
    if not len(rows):
        raise ComparisonError(
            f"None of the {len(table):,} rows of the table '{table.name}' can be used by both models: {unusable['A']:,} cannot "
            f"be used by A, {unusable['B']:,} not by B. `injerto predict` says why of every row."
        )
    splits = [one for artifact in (first, second) for one in groupings_of(artifact.schema)]
    found = those_in(table, *([Grouping(group)] if group else splits))
    groups = tuple(one.column for one in found)
    targets, more = _targets(asked, rows, group_units(table.take(rows), found), groups, progress)
    entries: dict[Entry, None] = dict.fromkeys(chain.from_iterable(one.examples.ledger for one in asked))
    told = [*left_out(len(table), unusable), *notes, *lacking, *([] if group else group_lacks(splits, table)), *more]
    return Comparison(len(table), unusable, targets, Ledger(list(entries)), tuple(dict.fromkeys(told)), known)


def _asked(
    letter: Letter, artifact: Artifact, heads: Mapping[str, Head], table: Table, cache: VectorCache | None, progress: Progress
) -> _Asked:
    try:
        table = with_photos(artifact.network, table, progress)
        there, _ = labelled_heads(heads, table)
        require_labels(there, table)
        examples, _ = served(artifact.network, table, cache=cache, progress=progress)
    except ColumnError as error:
        raise ColumnError(f"Model {letter}, the {'first' if letter == 'A' else 'second'}: {error}") from error
    return _Asked(artifact, table, there, examples)


def _targets(
    asked: list[_Asked], rows: np.ndarray, units: np.ndarray | None, groups: tuple[str, ...], progress: Progress
) -> tuple[dict[str, TargetComparison], list[str]]:
    """Every target that both have labels of, over the table's rows at `rows`, which both can use; and notes."""
    answers = [one.answers(rows, progress) for one in asked]
    found, notes = {}, []
    for name in [name for name in asked[0].heads if name in asked[1].heads]:
        heads = (asked[0].heads[name], asked[1].heads[name])
        truths = [one.heads[name].truth(one.heads[name].column(one.table.take(rows))) for one in asked]
        known = (truths[0].known & truths[1].known).numpy()
        places = torch.from_numpy(np.flatnonzero(known))
        sides = (
            Side(truth.value[places].numpy(), own[name][places].numpy()) for truth, own in zip(truths, answers, strict=True)
        )
        ground = common_ground(heads, *sides)
        if not ground.kept.any():
            notes += [*ground.notes, f"'{name}' is not compared: no row that both models can use is labelled for both."]
            continue
        of_kept = None if units is None else units[known][ground.kept]
        one = _compared(heads[0], ground.first, ground.second, of_kept, groups, ground.unlike)
        found[name] = one
        notes += [*ground.notes, *few_units(one)]
    if not found:
        raise ComparisonError("No row counts for both models, so there is nothing to compare:\n  - " + "\n  - ".join(notes))
    return found, notes


def _compared(
    head: Head, first: Side, second: Side, units: np.ndarray | None, groups: tuple[str, ...], unlike: frozenset[str]
) -> TargetComparison:
    metric = METRICS[head.kind]
    a, b = metric(*first), metric(*second)
    intervals = paired_bootstrap(metric, first, second, groups=units)
    figures = {
        name: Difference(name, a[name], b[name], intervals.get(name)) for name in differences(a, b) if name not in unlike
    }
    return TargetComparison(
        name=head.name,
        kind=head.kind,
        rows=len(first.truth),
        units=len(first.truth) if units is None else len(np.unique(units)),
        groups=groups,
        figures=figures,
        apart={name: (a[name], b[name]) for name in a if name in b and name in unlike},
        same=np.array_equal(first.answer, second.answer, equal_nan=True),
    )
