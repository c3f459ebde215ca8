"""What a column to predict is taken for, and why."""

from __future__ import annotations

from injerto.schema.bags import bag_in
from injerto.schema.facts import Facts
from injerto.schema.guess import Guess, counted
from injerto.schema.schema import TargetKind
from injerto.table.column import Column

_MOST_CLASSES = 20
_ROWS_A_CLASS = 5


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
    bag = bag_in(column, facts)
    if bag is None:
        return None
    reason = f"cells with '{bag.separator}' between {counted(bag.labels, 'label')}: several classes at once"
    return Guess("classes", reason, {"separator": bag.separator})
