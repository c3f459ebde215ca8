"""What a column to predict is taken for, and why."""

from __future__ import annotations

import polars as pl

from injerto.schema.facts import Facts, known
from injerto.schema.guess import Guess, counted
from injerto.schema.schema import TargetKind
from injerto.table.column import Column

SEPARATOR = ";"
_MOST_CLASSES = 20
_ROWS_A_CLASS = 5
_SHARE_WITH_SEVERAL = 0.1


def guess_target(column: Column, facts: Facts) -> Guess[TargetKind]:
    """Words are classes, few whole numbers too, other numbers are numbers.

    What cannot be predicted at all is called a class with the reason against it, so that a check can name all problems.
    """
    if not facts.known:
        return Guess("class", "every cell is empty")
    values = counted(facts.distinct, "different value")
    if facts.family == "truth":
        return Guess("class", "true or false: a class")
    if facts.family == "text":
        return _several_labels(column, facts) or Guess("class", f"text with {values}: a class")
    if facts.family != "number":
        return Guess("class", f"cells of type {facts.dtype} cannot be predicted; only classes and numbers can")
    if not facts.whole or facts.infinite:
        return Guess("number", f"numbers with {values}: a number")
    few = facts.distinct == 2 or (facts.distinct <= _MOST_CLASSES and facts.known >= _ROWS_A_CLASS * facts.distinct)
    if few:
        return Guess("class", f"whole numbers with only {values}: a class; if they are amounts, declare the target a number")
    return Guess("number", f"whole numbers with {values}: a number; if they are codes, declare the target a class")


def _several_labels(column: Column, facts: Facts) -> Guess[TargetKind] | None:
    """Cells such as `fox; owl`: several labels, if splitting leaves fewer labels than there were different cells."""
    cells = known(column.values).drop_nulls().cast(pl.String)
    if cells.str.contains(SEPARATOR, literal=True).mean() < _SHARE_WITH_SEVERAL:  # type: ignore[operator]
        return None
    labels = cells.str.split(SEPARATOR).explode().str.strip_chars().n_unique()
    if labels >= facts.distinct:
        return None
    return Guess("classes", f"cells with '{SEPARATOR}' between {counted(labels, 'label')}: several classes at once")
