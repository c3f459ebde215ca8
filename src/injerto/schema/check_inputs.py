"""Problems of the columns to learn from: they do not fit their kind, teach nothing, say things twice, or tell the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from injerto.schema.check_levels import check_levels
from injerto.schema.copies import copies
from injerto.schema.extremes import marks_of_missing
from injerto.schema.facts import Facts, Family, known
from injerto.schema.guess import counted
from injerto.schema.guess_input import FEWEST_FOR_IDENTIFIER, MOST_DISTINCT, is_row_counter, numbers_but_for
from injerto.schema.leaks import leaks, one_answer_each
from injerto.schema.problems import Problem
from injerto.schema.schema import Input, InputKind, Schema
from injerto.table.column import Column
from injerto.table.table import Table

MOST_MISSING = 0.5
YEARS = (1900, 2100)
_FITS: dict[InputKind, set[Family]] = {
    "number": {"number", "truth", "text"},
    "category": {"text", "truth", "number", "date"},
    "categories": {"text", "truth", "number", "other"},
    "date": {"date", "text"},
    "image": {"text", "media"},
    "sound": {"text", "media"},
}


def check_inputs(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """All problems of the inputs that are in the table."""
    if not schema.inputs:
        yield Problem("error", "", _no_inputs(schema))
    fitting = []
    for name, declared in schema.inputs.items():
        if name not in facts:
            continue
        if name in schema.answered:
            yield Problem("error", name, f"Column '{name}' is both an input and a target: the answer would be given away.")
            continue
        if facts[name].family not in _FITS[declared.kind]:
            yield Problem(
                "error", name, f"Input '{name}' is declared as {declared.kind}, but holds {facts[name].dtype}. Change its kind."
            )
            continue
        fitting.append(name)
        yield from _one(table.column(name), facts[name], declared)
    yield from check_levels(schema, table, fitting)
    for name, twin in copies(table, fitting, facts).items():
        yield Problem("warning", name, f"Input '{name}' holds the same cells as '{twin}'. Leave one of them out.")
    for target in schema.answered:
        if target in facts and facts[target].distinct:
            yield from _giveaways(schema, table, fitting, target, facts)


def _giveaways(schema: Schema, table: Table, inputs: list[str], target: str, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """Inputs that tell the answer, and inputs that may name a group of rows with one answer."""
    told = leaks(table, inputs, target, schema.targets[target].kind, facts)
    for name, how in told.items():
        yield Problem(
            "warning",
            name,
            f"Input '{name}' gives the answer away: it {how} ('{target}'). "
            "Leave it out, unless it is truly known before the answer is.",
        )
    if schema.targets[target].kind == "number" or schema.split.column is not None or schema.split.no_group:
        return
    # Of clips, `check_clips` says it whatever the answers are.
    whole = [name for name in inputs if name not in told and not schema.inputs[name].times]
    for name in one_answer_each(table, whole, target, facts):
        if name != schema.split.group:
            yield Problem(
                "warning",
                name,
                f"Rows with the same '{name}' always have the same answer in '{target}' ({_repeated(table, name)}). If they "
                f"belong together (one recording, one animal), give '{name}' as the group of the split with --group {name}; "
                "else the score will be too good.",
            )


def _repeated(table: Table, name: str) -> str:
    """How often values repeat, with the commonest."""
    cells = known(table.frame[name]).drop_nulls()
    counts = cells.value_counts(sort=True).filter(pl.col("count") > 1)
    return f"{int(counts['count'].sum()):,} rows of {len(counts):,} values, such as '{counts[name][0]}' in {counts['count'][0]}"


def _no_inputs(schema: Schema) -> str:
    left_out = "; ".join(f"'{name}': {reason}" for name, reason in list(schema.dropped.items())[:5])
    return f"There is no column to learn from.{f' Left out were {left_out}.' if left_out else ''}"


def _one(column: Column, fact: Facts, declared: Input) -> Iterator[Problem]:
    name, kind = fact.name, declared.kind
    if not fact.known:
        yield Problem("warning", name, f"Input '{name}' is empty in every row: nothing can be learned from it. Leave it out.")
        return
    if fact.missing_share > MOST_MISSING:
        yield Problem("warning", name, f"Input '{name}' is empty in {fact.missing_share:.0%} of the rows.")
    if fact.distinct == 1 and not fact.missing and not declared.times:
        yield Problem(
            "warning", name, f"Input '{name}' is '{fact.example}' in every row: nothing can be learned from it. Leave it out."
        )
    if kind == "number":
        yield from _number(column, fact)
    if kind == "category":
        yield from _category(column, fact)
    if kind == "date":
        yield from _date(column, fact)


def _number(column: Column, fact: Facts) -> Iterator[Problem]:
    name = fact.name
    if fact.family == "text":
        yield from _not_all(column, known(column.values).cast(pl.String).cast(pl.Float64, strict=False), "a number")
    if fact.infinite:
        row = int(column.values.is_infinite().fill_null(False).arg_max() or 0)
        cells = f"{counted(fact.infinite, 'cell')}, the first in row {column.row(row)}"
        yield Problem("warning", name, f"Input '{name}' is infinite in {cells}: such cells count as missing.")
    if is_row_counter(column, fact):
        yield Problem("warning", name, f"Input '{name}' counts or names the rows; it can only mislead. Leave it out.")
    yield from marks_of_missing(column, "Input")


def _category(column: Column, fact: Facts) -> Iterator[Problem]:
    name = fact.name
    if fact.known >= FEWEST_FOR_IDENTIFIER and fact.distinct >= MOST_DISTINCT * fact.known:
        yield Problem(
            "warning",
            name,
            f"Input '{name}' has {counted(fact.distinct, 'level')} in {counted(fact.known, 'row')}: "
            "it names single rows, from which nothing can be learned. Leave it out.",
        )
    elif fact.family == "text" and (odd := numbers_but_for(column)):
        yield Problem("warning", name, f"Input '{name}' is taken as a category, but it holds {odd}.")


def _date(column: Column, fact: Facts) -> Iterator[Problem]:
    name = fact.name
    if fact.family == "text":
        head = known(column.values).cast(pl.String)
        days = head.str.head(10).str.to_date("%Y-%m-%d", strict=False)
        yield from _not_all(column, days, "a date; write dates as 2024-05-31")
        return
    years = column.values.dt.year()
    odd = ((years < YEARS[0]) | (years > YEARS[1])).fill_null(False).arg_true()
    if len(odd):
        row = int(odd[0])
        yield Problem(
            "warning",
            name,
            f"Input '{name}' lies outside the years {YEARS[0]} to {YEARS[1]} in {counted(len(odd), 'row')}, "
            f"such as {column.cell(row)} in row {column.row(row)}. Is it a slip?",
        )


def _not_all(column: Column, read: pl.Series, what: str) -> Iterator[Problem]:
    """An error when some cells that hold something could not be read."""
    wrong = (read.is_null() & known(column.values).is_not_null()).arg_true()
    if len(wrong):
        row = int(wrong[0])
        first = f"{counted(len(wrong), 'cell')} cannot be read as {what}: row {column.row(row)} holds {column.cell(row)!r}"
        yield Problem("error", column.name, f"Input '{column.name}': {first}. Correct or empty them, or change the kind.")
