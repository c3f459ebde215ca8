"""Which rows train, tune and test: the user's group, time or column, and files so alike that they must not part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from injerto.learning.hold_out import hold_out
from injerto.progress import Progress
from injerto.schema.schema import Schema
from injerto.schema.twins import torn_labels, twins_in
from injerto.table.group_names import group_names
from injerto.table.groups import codes_of, units
from injerto.table.split import Rows, split
from injerto.table.table import Table
from injerto.table.words import normalised

NUMBER_BINS = 10
"""Number targets are spread over the parts of the split by tenths of their range of values."""


@dataclass(frozen=True)
class Division:
    """The rows of each part, and the unit (N,) each row belongs to: only newcomers are taken out of one that others share."""

    rows: Rows
    unit: np.ndarray


def divide(table: Table, schema: Schema, progress: Progress, work: Path | None = None) -> Division:
    """Split the rows of `table` as `schema.split` says; near-duplicates stay together unless it says that no rows do.

    What was seen of files is kept in `work` while the run goes on.
    """
    options, found = schema.split, twins_in(schema, table, progress, work)
    alike = _kept_together(table, schema, units(len(table), *(twins.groups for twins in found)) if found else None)
    grouped = None if options.grouping is None else codes_of(group_names(options.grouping, table))
    rows = split(
        table,
        column=options.column,
        group=options.grouping,
        time=options.time,
        test_share=options.test_share,
        tune_share=options.tune_share,
        strata=_strata(table, schema),
        together=alike,
        seed=schema.training.seed,
    )
    if options.group_reason:
        rows = replace(rows, reason=f"{rows.reason} The group was found, not told: {options.group_reason}")
    for twins in found:
        rows = replace(rows, reason=f"{rows.reason} {twins.words}.")
        torn = [torn_labels(twins, table.frame[name], name) for name, one in schema.answered.items() if one.kind != "number"]
        for words in filter(None, torn):
            progress.say(f"Warning: {words}")
    sighting = None if schema.individual is None else schema.individual[1].sighting
    if sighting is not None:
        rows = replace(rows, reason=f"{rows.reason} Photos of one '{sighting}' are on one side.")
    division = Division(rows, units(len(table), grouped, alike))
    if schema.individual is None or options.names_in(schema.individual[0]):  # who tests is new anyway
        return division
    test = options.column is None and options.test_share > 0
    return Division(
        hold_out(rows, individuals_in(table, schema), division.unit, seed=schema.training.seed, test=test), division.unit
    )


def individuals_in(table: Table, schema: Schema) -> np.ndarray:
    """Codes (N,) of the individuals, -1 where unknown."""
    assert schema.individual is not None
    return codes_of(normalised(table.column(schema.individual[0]).values))


def _kept_together(table: Table, schema: Schema, alike: np.ndarray | None) -> np.ndarray | None:
    """The group (N,) of each row by near-duplicate photos and, of individuals, by sighting."""
    sighting = None if schema.individual is None else schema.individual[1].sighting
    if sighting is None:
        return alike
    return units(len(table), codes_of(table.column(sighting).values), alike)


def _strata(table: Table, schema: Schema) -> np.ndarray | None:
    """Codes (N,) of the first target: its classes, or tenths of its numbers; -1 where unknown. None where it cannot be spread
    over the parts: of labels that are many, and of names that are to stand in one part each.
    """
    name, target = next(iter(schema.targets.items()))
    if target.kind in ("classes", "keypoints") or schema.split.names_in(name):
        return None
    values = table.column(name).values
    if target.kind == "number":
        values = values.cast(pl.Float64, strict=False).fill_nan(None)
        values = (values.rank("average") / max(1, values.len() - values.null_count()) * NUMBER_BINS).ceil().cast(pl.Int64)
    codes = normalised(values).rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
    return codes.astype(np.int64)
