"""A schema against a table: every problem in one list, a line a column, the ledger of bad files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injerto.errors import did_you_mean
from injerto.progress import Progress, Silent
from injerto.schema.all_rows import count_all
from injerto.schema.check_answers import check_answers
from injerto.schema.check_background import check_background
from injerto.schema.check_clips import check_clips
from injerto.schema.check_files import check_contents, check_names
from injerto.schema.check_individual import check_individual
from injerto.schema.check_inputs import check_inputs
from injerto.schema.check_keypoints import check_keypoints
from injerto.schema.check_split import check_split
from injerto.schema.check_targets import check_targets, missing_labels
from injerto.schema.check_ties import check_ties
from injerto.schema.check_training import check_training
from injerto.schema.facts import Facts, facts_of
from injerto.schema.infer import LEFT_OUT
from injerto.schema.problems import CheckReport, ColumnSummary, Problem, Severity
from injerto.schema.schema import Schema
from injerto.schema.twins import twin_problems, twins_in
from injerto.table.keypoints.columns import points_named
from injerto.table.ledger import Ledger
from injerto.table.long_table import LongTable
from injerto.table.table import Table

__all__ = ["CheckReport", "ColumnSummary", "Problem", "check"]

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


def check(schema: Schema, table: Table | LongTable, *, quick: bool = False, progress: Progress | None = None) -> CheckReport:
    """Find all problems, the heaviest first. Never raises for what it finds.

    A quick check reads no photo or sound; at most the headers of photos, for when they were taken. Of a long table the sample
    is checked, and what one pass can count is counted over all rows.
    """
    progress, rows = progress or Silent(), table.sample
    facts = facts_of(rows)
    counted = count_all(schema, table, progress) if isinstance(table, LongTable) else None
    whole = facts if counted is None else counted.facts(facts)
    problems = [
        *_missing_columns(schema, rows),
        *missing_labels(schema, whole),
        *check_targets(schema, rows, facts),
        *check_keypoints(schema, rows, facts),
        *check_individual(schema, rows, facts),
        *check_answers(schema, rows, facts),
        *check_inputs(schema, rows, facts),
        *check_clips(schema, rows, facts),
        *check_split(schema, rows, facts),
        *check_ties(schema, rows, facts),
        *check_training(schema),
        *check_background(schema, rows),
        # A full check reads every file and says it better.
        *check_names(schema, rows, facts, look_for_files=quick),
        *_left_out(schema, rows),
        *(Problem("note", "", note) for note in rows.notes),
        *(() if counted is None else counted.problems()),
    ]
    ledger = Ledger()
    if not quick:
        found, ledger = check_contents(schema, rows, facts, progress)
        problems += found
        problems += twin_problems(schema, rows, twins_in(schema, rows, progress))
    problems.sort(key=lambda problem: _ORDER[problem.severity])
    columns = [_summary(schema, whole[name], rows.columns) for name in rows.columns]
    return CheckReport(schema, len(table), columns, problems, ledger)


def _missing_columns(schema: Schema, table: Table) -> Iterator[Problem]:
    """Columns the schema names and the table lacks."""
    options = {"column": schema.split.column, "group": schema.split.group, "time": schema.split.time}
    # The labels of points lie in columns of other names, which have a check of their own.
    named = [("Target", name) for name in schema.answered] + [("Input", name) for name in schema.inputs]
    named += [(f"Input '{name}': the column of times", of) for name, item in schema.inputs.items() for of in item.times]
    named += [(f"The {role} column of the split", name) for role, name in options.items() if name is not None]
    for role, name in named:
        if name not in table.columns:
            spare = [column for column in table.columns if column not in schema.targets and column not in schema.inputs]
            near = did_you_mean(name, spare) or did_you_mean(name, table.columns)
            yield Problem("error", name, f"{role} '{name}' is not in the table {table.name}.{near}")


def _left_out(schema: Schema, table: Table) -> Iterator[Problem]:
    """Columns left out because they teach nothing or tell the answer: a note each, as what is wrong with them is settled."""
    roles = {schema.split.column, schema.split.group, schema.split.time, *_times(schema)}
    for name, reason in schema.dropped.items():
        if name in table.columns and name not in roles and reason != LEFT_OUT:
            yield Problem("note", name, f"Column '{name}' is left out: {reason.rstrip('.')}.")


def _summary(schema: Schema, fact: Facts, columns: Sequence[str]) -> ColumnSummary:
    name = fact.name
    figures = (fact.distinct, fact.missing_share, fact.example)
    if name in schema.answered:
        return ColumnSummary(name, "target", schema.targets[name].kind, schema.targets[name].reason, *figures)
    if schema.points is not None and name in points_named(schema.points[1].points, list(columns)).columns:
        return ColumnSummary(name, "target", "keypoints", "a coordinate of a point, or whether it is there", *figures)
    if name in schema.inputs:
        return ColumnSummary(name, "input", schema.inputs[name].kind, schema.inputs[name].reason, *figures)
    unused = "times of clips" if name in _times(schema) else _beside_points(schema, name)
    return ColumnSummary(name, "dropped", "", schema.dropped.get(name, unused), *figures)


def _beside_points(schema: Schema, name: str) -> str:
    """What a column that is no input does for points."""
    if schema.points is not None and name == schema.points[1].source:
        return "who placed the points"
    if schema.points is not None and name in schema.points[1].box:
        return "the box that points are looked for in"
    return "not in the schema"


def _times(schema: Schema) -> set[str]:
    return {name for item in schema.inputs.values() for name in item.times}
