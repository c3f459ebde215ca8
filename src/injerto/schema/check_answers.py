"""Names of answers: no two targets may write one column of the predictions, nor one that is there for another use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from injerto.schema.facts import Facts, known
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema, Target
from injerto.table.table import Table

RESERVED = {"row": "the number of each row", "problem": "why a row has no answer"}
"""Columns that predictions have whatever the targets are, with what they hold."""


SHOWN = 10
"""Look-alikes that an answer names."""


def check_answers(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """An error for a target whose answers would be written over, or would write over others'."""
    for name in schema.answered:
        if name in RESERVED:
            yield Problem(
                "error",
                name,
                f"Target '{name}': the predictions have a column '{name}' for {RESERVED[name]}, which the answers would "
                "write over. Rename the column in the table.",
            )
    if len(schema.answered) < 2:
        return
    columns = {
        name: _columns(table.frame[name], target, facts[name]) for name, target in schema.answered.items() if name in facts
    }
    names = list(columns)
    for place, name in enumerate(names):
        for other in names[:place]:
            if shared := columns[name] & columns[other]:
                yield Problem(
                    "error",
                    name,
                    f"Targets '{other}' and '{name}' would both write the column '{min(shared)}' of the predictions. "
                    "Rename one of the two columns in the table.",
                )


def _columns(values: pl.Series, target: Target, fact: Facts) -> set[str]:
    """The columns that the answers of a target fill; the heads name them so."""
    name = fact.name
    if target.kind == "number":
        return {name, f"{name}_low", f"{name}_high"}
    if target.kind == "individual":
        looked = {f"{name}_{place}{ending}" for place in range(1, SHOWN + 1) for ending in ("", "_probability")}
        return {name, f"{name}_decision", f"{name}_new"} | looked
    own = {name, f"{name}_probability"} if target.kind == "class" else {name}
    return own | {f"{name}_probability_{label}" for label in _labels(values, target, fact)}


def _labels(values: pl.Series, target: Target, fact: Facts) -> list[str]:
    """The labels as the columns of probabilities name them: 1, not 1.0."""
    if fact.family not in ("text", "number", "truth"):
        return []  # refused as a target anyway
    cells = known(values).drop_nulls().unique()
    if target.kind == "classes" and fact.family == "text":
        cells = cells.cast(pl.String).str.split(target.separator).explode().str.strip_chars().unique()
    if cells.dtype.is_float() and fact.whole and not fact.infinite:
        cells = cells.cast(pl.Int64, strict=False)
    return [str(label) for label in cells.drop_nulls().to_list()]
