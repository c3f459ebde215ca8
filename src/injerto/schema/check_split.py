"""Problems of the split: rows that cannot be divided as asked, too few groups, nothing known to train with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from injerto.errors import TableError
from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema
from injerto.table.group_names import group_names
from injerto.table.grouping import Grouping
from injerto.table.split import Rows, split
from injerto.table.table import Table

FEW_GROUPS = 10
FEWEST_TO_TRAIN = 2


def check_split(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """Whether the rows can be divided as asked: it is tried."""
    options = schema.split
    if any(name is not None and name not in facts for name in (options.column, options.group, options.time)):
        return
    place = options.column or options.group or options.time or ""
    try:
        rows = split(
            table,
            column=options.column,
            group=options.grouping,
            time=options.time,
            test_share=options.test_share,
            tune_share=options.tune_share,
            seed=schema.training.seed,
        )
    except TableError as slip:
        yield Problem("error", place, str(slip))
        return
    yield from _folds(schema, table, rows, place)
    if options.column or options.time:  # by chance, training draws other rows: every class in proportion
        yield from _unknown(schema, table, facts, rows, place)
    if options.group is not None and facts[options.group].family != "other":
        cut = None if options.group_part is None else group_names(Grouping(options.group, options.group_part), table)
        groups = facts[options.group].distinct if cut is None else cut.drop_nulls().n_unique()
        if groups < FEW_GROUPS:
            yield Problem(
                "warning",
                options.group,
                f"The group column '{options.group}' has only {counted(groups, 'group')}: "
                "the scores depend on which of them are held out.",
            )
    for role, name in (("group", options.group), ("time", options.time)):
        if name is not None and facts[name].missing:
            empty = counted(facts[name].missing, "row")
            yield Problem("warning", name, f"The {role} column '{name}' of the split is empty in {empty}.")


def _folds(schema: Schema, table: Table, rows: Rows, place: str) -> Iterator[Problem]:
    """More folds than there are groups."""
    count = schema.split.folds
    if count is None:
        return
    learning = table.take(np.concatenate([rows.train, rows.tune]))
    grouping = schema.split.grouping
    sighting = None if schema.individual is None else schema.individual[1].sighting
    if grouping is None and sighting in table.columns:
        grouping = Grouping(str(sighting))
    if grouping is None:
        found, what = len(learning), "rows"
    else:
        names = group_names(grouping, learning)
        found, what = names.drop_nulls().n_unique() + names.null_count(), f"groups of '{grouping.column}'"
    if found < count:
        yield Problem(
            "error", place, f"{count} folds are asked for, and {found} {what} do not test: ask for {max(2, found)} at most."
        )


def _unknown(schema: Schema, table: Table, facts: Mapping[str, Facts], rows: Rows, place: str) -> Iterator[Problem]:
    """Targets with too few answers on the side that trains."""
    for name in schema.answered:
        if name not in facts or facts[name].known < FEWEST_TO_TRAIN:
            continue
        answers = len(known(table.frame[name].gather(rows.train)).drop_nulls())
        if answers < FEWEST_TO_TRAIN:
            yield Problem(
                "error",
                place,
                f"Target '{name}' is known in {counted(answers, 'row')} of those to train with ('{place}' divides them): "
                f"at least {FEWEST_TO_TRAIN} are needed. Fill in answers, or divide the rows otherwise.",
            )
