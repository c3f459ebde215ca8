"""Drift: hold a new table against the rows that taught a model, column by column, answers included."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from injerto.answering import with_photos
from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.bootstrap_units import group_units, groupings_of, those_in
from injerto.drift import ANSWER_CHANGES, CHANGES
from injerto.drift.change import Change, Sides
from injerto.drift.found import ColumnDrift, Drift
from injerto.drift.holm import holm
from injerto.drift.looker import Here, Looker, Some
from injerto.drift.notes import notes_of
from injerto.drift.shuffles import Array, Shuffles
from injerto.drift.told import new_levels, strangest
from injerto.errors import DriftError
from injerto.features.feature import Feature
from injerto.features.levels import LevelsFeature
from injerto.features.number import NumberFeature
from injerto.learner import Learner
from injerto.progress import Progress, Silent
from injerto.reference.answers import ANSWER_CELLS
from injerto.reference.reference import Reference
from injerto.reference.unlike import LEVEL
from injerto.table.grouping import Grouping
from injerto.table.table import Table

MOST_ROWS = 2000
"""Rows of the new table that are held against the kept ones, drawn at random."""
MOST_FILES = 1000
"""Of a column of files, rows of each table: a classifier's work grows with the cube of them."""
LEAST_DRAWS = 999


@dataclass(frozen=True)
class _New:
    """The rows of the new table that are held against the kept ones, and the unit (n,) of each."""

    some: Some
    units: Array


def drift(
    artifact: Artifact,
    table: Table,
    *,
    group: str | None = None,
    level: float = LEVEL,
    fail_above: float = 0.0,
    seed: int = 0,
    cache: VectorCache | None = None,
    looker: Looker | None = None,
    progress: Progress | None = None,
) -> Drift:
    """Hold every row of `table` that can be used against the rows that taught. Rows of one group are drawn together: of the
    column `group` or, without it, of the columns the model was split by, where the table has them. `looker` looks at the rows
    instead of this process.

    *Raises* DriftError when the model keeps no rows, or none of the table can be used; ColumnError when a column is missing.
    """
    progress = progress or Silent()
    if group is not None:
        table.column(group)
    network, reference = require_reference(artifact)
    table = with_photos(network, table, progress)
    looker = looker or Here(artifact, cache, progress)
    seen = looker.whole(table)
    usable = np.flatnonzero(seen.usable)
    if not len(usable):
        raise DriftError(
            f"None of the {len(table):,} rows of the table '{table.name}' can be used by the model, so there is nothing to "
            "compare. `injerto predict` says why of every row."
        )
    rows = usable if len(usable) <= MOST_ROWS else np.sort(np.random.default_rng(seed).choice(usable, MOST_ROWS, replace=False))
    own = groupings_of(artifact.schema)
    groupings = those_in(table, *([Grouping(group)] if group else own))
    units = group_units(table.take(rows), groupings)
    new = _New(looker.some(rows), np.arange(len(rows)) if units is None else units)
    tests = len(reference.columns) + len(reference.answers)
    most = max(LEAST_DRAWS, math.ceil(2 * tests / level))
    columns = _columns(network, reference, new, most, seed)
    answers = _answers(reference, new, most, seed)
    of = {("column", name): one.p for name, one in columns.items()} | {
        ("answers", name): one.p for name, one in answers.items()
    }
    places = {str(place): p for place, p in enumerate(of.values()) if p is not None}
    adjusted = holm(places)
    p_holm = {key: adjusted.get(str(place)) for place, key in enumerate(of)}
    judged, readable = seen.unlike, seen.readable
    features = {feature.name: feature for feature in network.features}
    return Drift(
        columns={
            name: ColumnDrift(
                name,
                features[name].options.kind,
                one,
                p_holm["column", name],
                _share(judged.columns[name]),
                new_levels(features[name], readable.take(usable)),
                strangest(features[name], readable, judged.columns[name]),
            )
            for name, one in columns.items()
        },
        answers={
            name: ColumnDrift(name, reference.answers[name].kind, one, p_holm["answers", name]) for name, one in answers.items()
        },
        unlike=judged,
        rows=len(table),
        used=len(usable),
        reference_rows=reference.total,
        groups=tuple(one.column for one in groupings),
        ledger=seen.ledger,
        level=level,
        fail_above=fail_above,
        notes=tuple(notes_of(artifact, table, len(usable), new.units, own if group is None else [])),
    )


def require_reference(artifact: Artifact) -> tuple[Learner, Reference]:
    """What a model keeps of its training rows. *Raises* DriftError when it keeps none, with what to do."""
    if artifact.reference is None:
        raise DriftError(
            "This model keeps nothing of its training rows to hold new ones against: it was trained before Injerto did so. "
            "Train it again from the same table; its answers will be as good."
        )
    return artifact.network, artifact.reference


def _columns(network: Learner, reference: Reference, new: _New, most: int, seed: int) -> dict[str, Change]:
    features = {feature.name: feature for feature in network.features}
    found = {}
    for name, kept in reference.columns.items():
        feature, after = features[name], kept.small(new.some.cells[name])
        before, old_units, new_units = kept.cells, reference.units.numpy(), new.units
        if not feature.together:
            some = [_some(len(side), seed) for side in (before, after)]
            before, after, old_units, new_units = before[some[0]], after[some[1]], old_units[some[0]], new_units[some[1]]
        shuffles = Shuffles.of(old_units, new_units, most=most, seed=seed)
        found[name] = CHANGES[feature.options.kind](Sides(before, after, shuffles, *_units_of(feature)))
    return found


def _units_of(feature: Feature) -> tuple[list[str], float, float]:
    """What ids stand for, and what 0 and 1 are in the user's units."""
    if isinstance(feature, LevelsFeature):
        return feature.row_names, 0.0, 1.0
    return ([], feature.centre_, feature.scale_) if isinstance(feature, NumberFeature) else ([], 0.0, 1.0)


def _answers(reference: Reference, new: _New, most: int, seed: int) -> dict[str, Change]:
    found = {}
    for name, kept in reference.answers.items():
        shuffles = Shuffles.of(kept.units.numpy(), new.units, most=most, seed=seed)
        after = ANSWER_CELLS[kept.kind](new.some.answers[name])
        found[name] = ANSWER_CHANGES[kept.kind](Sides(kept.cells, after, shuffles, kept.choices))
    return found


def _some(count: int, seed: int) -> Array:
    """Places of at most `MOST_FILES` of `count` rows, rising."""
    return np.sort(np.random.default_rng(seed).permutation(count)[:MOST_FILES])


def _share(shares: Array) -> float | None:
    """How many of the cells that are judged are strange."""
    known = shares[~np.isnan(shares)]
    return float((known <= LEVEL).mean()) if len(known) else None
