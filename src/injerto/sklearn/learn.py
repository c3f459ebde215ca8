"""Fit the network on X and y: the one flow of training, with the test left to scikit-learn."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import polars as pl
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_consistent_length, column_or_1d

from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.schema.schema import Schema
from injerto.sklearn.cells import series_of
from injerto.sklearn.listener import Listener
from injerto.table.ledger import Ledger
from injerto.table.table import Table
from injerto.train import train
from injerto.version import __version__

_ROWS_NAMED = 5


@runtime_checkable
class Named(Protocol):
    """A series of a dataframe library."""

    name: Any


@dataclass(frozen=True)
class Lesson:
    """A table with the answers as its column `target`, and perhaps the groups of its rows as the column `group`."""

    table: Table
    target: str
    group: str | None


def lesson_of(table: Table, y: Any, answers: pl.Series, groups: Any) -> Lesson:
    """Put the answers beside the columns of X, under the name of `y` if it has one that is free."""
    check_consistent_length(np.arange(len(table)), answers.to_numpy(), groups)
    called = y.name if isinstance(y, Named) and isinstance(y.name, str) and y.name else "y"
    target = _free(called, {*table.columns, "row", "problem"})
    columns, group = [answers.alias(target)], None
    if groups is not None:
        group = _free("groups", {*table.columns, target})
        columns.append(series_of(group, column_or_1d(groups)))
    frame = table.frame.with_columns(columns)
    return Lesson(Table.of(frame, folder=table.folder), target, group)


def learned(lesson: Lesson, schema: Schema) -> tuple[Artifact, list[str]]:
    """Train, and return what was said meanwhile. Columns of X and rows that had to be left out are named in warnings."""
    used = {lesson.group, *(name for item in schema.inputs.values() for name in item.times)}
    left_out = {name: reason for name, reason in schema.dropped.items() if name not in used}
    if left_out:
        named = "; ".join(f"'{name}': {reason}" for name, reason in left_out.items())
        warnings.warn(f"Left out of X: {named}. To use a column all the same, say its kind in `kinds`.", stacklevel=3)
    listener = Listener()
    artifact = train(lesson.table, schema, cache=cache_for(schema), progress=listener, doubts=False)  # no report is made
    artifact.facts["injerto"] = __version__
    if len(artifact.ledger):
        warnings.warn(f"Nothing was learned from some rows: {sentence(artifact.ledger)}", stacklevel=3)
    return artifact, listener.sentences


def cache_for(schema: Schema) -> VectorCache | None:
    """The cache of vectors on disk, opened only for columns of files."""
    return VectorCache() if any(item.kind in ("image", "sound") for item in schema.inputs.values()) else None


def seed_of(random_state: Any) -> int:
    """A whole number is the seed itself, as everywhere in Injerto; None or a generator draws one."""
    if isinstance(random_state, int | np.integer):
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))


def sentence(ledger: Ledger) -> str:
    """The first entries of a ledger in one sentence."""
    entries = list(ledger)
    named = [f"row {entry.row}, {entry.column}: {entry.file}: {entry.reason}" for entry in entries[:_ROWS_NAMED]]
    more = f"; and {len(entries) - _ROWS_NAMED} more" if len(entries) > _ROWS_NAMED else ""
    return "; ".join(named) + more + "."


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
