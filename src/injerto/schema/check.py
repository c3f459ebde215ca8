"""A schema against a table: every problem in one list, a line a column, the ledger of bad files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from injerto.errors import TableError, did_you_mean
from injerto.progress import Progress, Silent
from injerto.schema.check_files import check_contents, check_names
from injerto.schema.check_inputs import check_inputs
from injerto.schema.check_targets import check_targets
from injerto.schema.facts import Facts, facts_of
from injerto.schema.guess import counted
from injerto.schema.problems import CheckReport, ColumnSummary, Problem, Severity
from injerto.schema.schema import Schema
from injerto.table.ledger import Ledger
from injerto.table.split import split
from injerto.table.table import Table

__all__ = ["CheckReport", "ColumnSummary", "Problem", "check"]

FEW_GROUPS = 10
_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


def check(schema: Schema, table: Table, *, quick: bool = False, progress: Progress | None = None) -> CheckReport:
    """Find all problems, the heaviest first. A quick check opens no photos and no sounds. Never raises for what it finds."""
    facts = facts_of(table)
    problems = [
        *_missing_columns(schema, table),
        *check_targets(schema, table, facts),
        *check_inputs(schema, table, facts),
        *_split(schema, table, facts),
        # A full check reads every file and says it better.
        *check_names(schema, table, facts, look_for_files=quick),
        *(Problem("note", "", note) for note in table.notes),
    ]
    ledger = Ledger()
    if not quick:
        found, ledger = check_contents(schema, table, facts, progress or Silent())
        problems += found
    problems.sort(key=lambda problem: _ORDER[problem.severity])
    return CheckReport(schema, len(table), [_summary(schema, facts[name]) for name in table.columns], problems, ledger)


def _missing_columns(schema: Schema, table: Table) -> Iterator[Problem]:
    """Columns the schema names and the table lacks."""
    options = {"column": schema.split.column, "group": schema.split.group, "time": schema.split.time}
    named = [("Target", name) for name in schema.targets] + [("Input", name) for name in schema.inputs]
    named += [(f"The {role} column of the split", name) for role, name in options.items() if name is not None]
    for role, name in named:
        if name not in table.columns:
            spare = [column for column in table.columns if column not in schema.targets and column not in schema.inputs]
            near = did_you_mean(name, spare) or did_you_mean(name, table.columns)
            yield Problem("error", name, f"{role} '{name}' is not in the table {table.name}.{near}")


def _split(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """Whether the rows can be divided as asked: it is tried."""
    options = schema.split
    if any(name is not None and name not in facts for name in (options.column, options.group, options.time)):
        return
    try:
        split(
            table,
            column=options.column,
            group=options.group,
            time=options.time,
            test_share=options.test_share,
            tune_share=options.tune_share,
            seed=schema.training.seed,
        )
    except TableError as slip:
        yield Problem("error", options.column or options.group or options.time or "", str(slip))
        return
    if options.group is not None and facts[options.group].family != "other":
        groups = facts[options.group].distinct
        if groups < FEW_GROUPS:
            yield Problem(
                "warning",
                options.group,
                f"The group column '{options.group}' has only {counted(groups, 'group')}: "
                "the scores depend on which of them are held out.",
            )
    for role, name in (("group", options.group), ("time", options.time)):
        if name is not None and facts[name].missing:
            rows = counted(facts[name].missing, "row")
            yield Problem("warning", name, f"The {role} column '{name}' of the split is empty in {rows}.")


def _summary(schema: Schema, fact: Facts) -> ColumnSummary:
    name = fact.name
    figures = (fact.distinct, fact.missing_share, fact.example)
    if name in schema.targets:
        return ColumnSummary(name, "target", schema.targets[name].kind, schema.targets[name].reason, *figures)
    if name in schema.inputs:
        return ColumnSummary(name, "input", schema.inputs[name].kind, schema.inputs[name].reason, *figures)
    return ColumnSummary(name, "dropped", "", schema.dropped.get(name, "not in the schema"), *figures)
