"""Problems of the columns to be predicted: nothing to learn, too little of it, or too uneven."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from injerto.schema.extremes import marks_of_missing, too_large
from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.guess_input import numbers_but_for
from injerto.schema.points_hint import points_hint
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema, Target
from injerto.schema.spellings import spellings
from injerto.table.column import Column
from injerto.table.table import Table

FEW_ROWS_A_CLASS = 5
FEW_ROWS = 50
FEWEST_ROWS = 3
"""Two to train with and one to tune with; one more where some are drawn to test with."""
UNEVEN_SHARE = 0.9
_CLASSES_NAMED = 5
_SPELLINGS_NAMED = 5


def missing_labels(schema: Schema, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """A note for each target that is empty in some rows."""
    for name in schema.answered:
        fact = facts.get(name)
        if fact is not None and fact.family not in ("date", "media", "other") and 0 < fact.missing < fact.rows:
            rows = counted(fact.missing, "row")
            yield Problem("note", name, f"Target '{name}' is empty in {rows} of {fact.rows:,}: nothing is learned from them.")


def check_targets(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """All problems of the targets that are in the table."""
    if not schema.targets:
        yield Problem("note", "", f"No target is named yet: say which column is to be predicted.{points_hint(table.columns)}")
    for name, target in schema.answered.items():
        if name not in facts:
            continue
        fact = facts[name]
        if not fact.known:
            yield Problem("error", name, f"Target '{name}' is empty in every row. Fill in the rows whose answer is known.")
            continue
        if fact.family in ("date", "media", "other"):
            yield Problem(
                "error", name, f"Target '{name}' holds cells of type {fact.dtype}; only classes and numbers can be predicted."
            )
            continue
        yield from _rows(fact, FEWEST_ROWS + (schema.split.column is None and schema.split.test_share > 0))
        checks = {"class": _class, "classes": _classes, "number": _number, "individual": _individual}
        yield from checks[target.kind](table.column(name), fact, target)
        if target.kind != "number" and target.loss != "squared":
            yield Problem(
                "error",
                name,
                f"Target '{name}' has the option 'loss', which a {target.kind} does not read; a number does. "
                "Take it out, or change the kind.",
            )


def _rows(fact: Facts, fewest: int) -> Iterator[Problem]:
    name = fact.name
    if fact.known < fewest:
        yield Problem(
            "error",
            name,
            f"Target '{name}' is known in {counted(fact.known, 'row')}; at least {fewest} are needed, better hundreds.",
        )
    elif fact.known < FEW_ROWS:
        yield Problem(
            "warning",
            name,
            f"Target '{name}' is known in only {counted(fact.known, 'row')}: the scores will be very uncertain.",
        )


def _class(column: Column, fact: Facts, target: Target) -> Iterator[Problem]:
    name = fact.name
    if fact.family == "number" and fact.infinite:
        yield _infinite(column, fact)
    levels = known(column.values).drop_nulls().value_counts(sort=True, name="rows")
    words, counts = levels[name].cast(pl.String).to_list(), levels["rows"].to_list()
    if len(words) == 1:
        yield Problem("error", name, f"Target '{name}' has one class only, '{words[0]}'. Add rows of another class.")
        return
    if len(words) == fact.known:
        advice = " Declare it a number if it is an amount." if fact.family == "number" else " Is it a name of the row?"
        yield Problem(
            "error", name, f"Target '{name}' has a different class in every row, so that none can be learned.{advice}"
        )
        return
    rare = [(word, count) for word, count in zip(words, counts, strict=True) if count < FEW_ROWS_A_CLASS]
    if rare:
        few = ", ".join(f"'{word}' ({count})" for word, count in rare[-_CLASSES_NAMED:])
        more = f" and {len(rare) - _CLASSES_NAMED:,} more" if len(rare) > _CLASSES_NAMED else ""
        which = f"{len(rare):,} of {len(words):,} classes have" if len(rare) > 1 else f"1 of {len(words):,} classes has"
        yield Problem(
            "warning",
            name,
            f"Target '{name}': {which} fewer than {FEW_ROWS_A_CLASS} rows: {few}{more}. Add rows, or join classes.",
        )
    yield from _spellings(name, words)
    if counts[0] > UNEVEN_SHARE * fact.known:
        share = f"{counts[0] / fact.known:.1%}"
        yield Problem(
            "warning",
            name,
            f"Target '{name}' is uneven: {share} of the rows are '{words[0]}'. Always guessing it is right as often; "
            "look at balanced accuracy, not at accuracy.",
        )


def _individual(column: Column, fact: Facts, target: Target) -> Iterator[Problem]:
    """What else there is to say of individuals `check_individual` says."""
    words = known(column.values).drop_nulls().cast(pl.String).unique().sort().to_list()
    if len(words) == 1:
        yield Problem("error", fact.name, f"Target '{fact.name}' has one individual only, '{words[0]}'. Add photos of another.")
    yield from _spellings(
        fact.name, words, "names", "Write them alike if they are one; else each is taken for an individual of its own."
    )


def _classes(column: Column, fact: Facts, target: Target) -> Iterator[Problem]:
    name = fact.name
    if fact.family != "text":
        yield Problem(
            "error", name, f"Target '{name}' is declared as several classes, but holds {fact.dtype}, not text. Declare a class."
        )
        return
    cells = known(column.values).drop_nulls().cast(pl.String)
    if not cells.str.contains(target.separator, literal=True).any():
        yield Problem(
            "warning",
            name,
            f"Target '{name}' is declared as several classes, but no cell holds '{target.separator}' (one is '{cells[0]}'). "
            "Set its separator in the schema, or declare one class.",
        )
    yield from _spellings(name, cells.str.split(target.separator).explode().str.strip_chars().unique().to_list())


def _spellings(
    name: str,
    labels: list[str],
    what: str = "classes",
    advice: str = "Write them alike if they are one; else each is learned as a class of its own.",
) -> Iterator[Problem]:
    groups = spellings(labels)
    if groups:
        listed = "; ".join(" and ".join(f"'{word}'" for word in group) for group in groups[:_SPELLINGS_NAMED])
        more = f"; and {len(groups) - _SPELLINGS_NAMED:,} more such sets" if len(groups) > _SPELLINGS_NAMED else ""
        yield Problem(
            "warning",
            name,
            f"Target '{name}' has {what} that differ only in case or outer punctuation: {listed}{more}. {advice}",
        )


def _number(column: Column, fact: Facts, target: Target) -> Iterator[Problem]:
    name = fact.name
    if fact.family == "text":
        cells = known(column.values).cast(pl.String)
        wrong = (cells.cast(pl.Float64, strict=False).is_null() & cells.is_not_null()).arg_true()
        if len(wrong):
            row = int(wrong[0])
            first = f"{counted(len(wrong), 'cell')} cannot be read as one, such as '{cells[row]}' in row {column.row(row)}"
            how = numbers_but_for(column) or first
            yield Problem("error", name, f"Target '{name}' is declared a number, but it holds text: {how}.")
            return
    yield from too_large(column)
    yield from marks_of_missing(column, "Target")
    if fact.family == "text":
        return
    if fact.infinite:
        yield _infinite(column, fact)
    if fact.distinct == 1:
        yield Problem("error", name, f"Target '{name}' is {fact.example} in every row: there is nothing to learn.")
    elif fact.distinct == 2:
        yield Problem(
            "note", name, f"Target '{name}' has two different values only; declared a class, it would get probabilities."
        )


def _infinite(column: Column, fact: Facts) -> Problem:
    row = int(column.values.is_infinite().fill_null(False).arg_max() or 0)
    cells = f"{counted(fact.infinite, 'cell')}, the first in row {column.row(row)}"
    return Problem("error", fact.name, f"Target '{fact.name}' is infinite in {cells}. Correct or empty them.")
