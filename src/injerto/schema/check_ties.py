"""What may tie rows together where the split does not say so: proposed, with the words to ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from injerto.schema.facts import Facts
from injerto.schema.leaks import one_answer_each
from injerto.schema.problems import Problem, Severity
from injerto.schema.schema import Schema
from injerto.schema.ties import tie_in
from injerto.table.table import Table


def check_ties(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """The group that was found, or one proposal at most.

    None where the rows are divided as somebody said, or sightings keep photos together.
    """
    split = schema.split
    if split.group_reason and split.grouping is not None:
        found = f"Found: {split.group_reason} {split.grouping.words.capitalize()} stay on one side of the split"
        yield Problem("note", split.grouping.column, f"{found}; --no-group divides all rows by chance.")
    told = split.group is not None or split.column is not None or split.no_group
    if told or not schema.targets or (schema.individual is not None and schema.individual[1].sighting is not None):
        return
    tie = tie_in(schema, table, facts)
    if tie is None:
        return
    named = _named(schema, table, facts)
    if tie.grouping.column in named or (named and not tie.sure):  # `check_inputs` proposes a column, which is plainer
        return
    way = tie.grouping.options
    if not tie.heavy:
        advice = f"If the model is to work on new ones (people, places), give {way}; the score is then of such."
    elif tie.sure:
        advice = f"Rows of one group are alike: give {way}, so that they stay on one side; else the score will be too good."
    else:
        advice = f"If they belong together (one recording, one moment), give {way}; else the score will be too good."
    severity: Severity = "warning" if tie.heavy else "note"
    yield Problem(severity, tie.grouping.column, f"{tie.reason} {advice} --no-group says that no rows belong together.")


def _named(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> set[str]:
    """Inputs that may name a group, as rows with the same value have the same answer."""
    whole = [name for name, item in schema.inputs.items() if name in facts and not item.times]
    targets = [name for name, target in schema.answered.items() if target.kind != "number" and name in facts]
    return {name for target in targets for name in one_answer_each(table, whole, target, facts)}
