"""What two models cannot be compared on, and why a difference between them may say less than it seems to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import Known
from injerto.comparison import TargetComparison
from injerto.errors import ComparisonError
from injerto.evaluate_notes import notes_of
from injerto.heads.head import Head
from injerto.labelled import labelled_heads
from injerto.metrics.paired import FEWEST
from injerto.schema.guess import counted
from injerto.table.grouping import Grouping
from injerto.table.table import Table

ENOUGH = 10
"""With fewer rows or groups than these, intervals of a bootstrap are rough."""


def shared_heads(a: Mapping[str, Head], b: Mapping[str, Head]) -> tuple[tuple[dict[str, Head], dict[str, Head]], list[str]]:
    """The heads of A and of B whose target both have, of one name and kind, and a note for each other target.

    *Raises* ComparisonError when there is none.
    """
    both = [name for name, head in a.items() if name in b and b[name].kind == head.kind]
    notes = []
    for name in dict.fromkeys([*a, *b]):
        if name in both:
            continue
        if name in a and name in b:
            notes.append(f"'{name}' is not compared: it is of the kind {a[name].kind} in A and {b[name].kind} in B.")
        else:
            notes.append(f"'{name}' is not compared: only {'A' if name in a else 'B'} answers it.")
    if not both:
        has = "; ".join(f"{letter} answers {_targets(heads)}" for letter, heads in (("A", a), ("B", b)))
        raise ComparisonError(
            f"The models share no target of one name and kind: {has}. Compare models that were trained for the same column."
        )
    return ({name: a[name] for name in both}, {name: b[name] for name in both}), notes


def told_by(artifact: Artifact, table: Table, there: Mapping[str, Head], heads: Mapping[str, Head], known: Known) -> list[str]:
    """What `evaluate` would note of one model: rows that taught it, labels that lack, classes it never saw."""
    return notes_of(artifact, table, table, there, labelled_heads(heads, table)[1], known)


def of_either(a: Sequence[str], b: Sequence[str]) -> list[str]:
    """Notes with the models they are of, each once."""
    letters = {note: " and ".join(x for x, own in (("A", a), ("B", b)) if note in own) for note in [*a, *b]}
    return [f"{letter}: {note}" for note, letter in letters.items()]


def left_out(rows: int, unusable: Mapping[str, int]) -> list[str]:
    """A note when rows do not count because a model cannot use them."""
    a, b, both = unusable["A"], unusable["B"], unusable["both"]
    if not a + b:
        return []
    overlap = f", {both:,} of them by neither" if both else ""
    return [
        f"{a + b - both:,} of {counted(rows, 'row')} left out: {a:,} cannot be used by A and {b:,} not by B{overlap}. "
        "Only rows that both models can use count."
    ]


def group_lacks(splits: Sequence[Grouping], table: Table) -> list[str]:
    """A note when a model was split by a column of groups that the table lacks."""
    lacking = [one.column for one in dict.fromkeys(splits) if one.column not in table.columns]
    return [
        f"A model was split by '{name}', a column that the table lacks. If its rows come in such groups, intervals are too "
        "narrow: name a column of groups with --group."
        for name in lacking
    ]


def few_units(found: TargetComparison) -> list[str]:
    """A note when there is little that could differ."""
    what = "groups" if found.groups else "rows"
    if found.units < FEWEST:
        return [
            f"'{found.name}' has {found.drawn} to compare. Fewer than {FEWEST} {what} can show no difference, even if all of "
            "them favour one model, so there are no intervals."
        ]
    if found.units < ENOUGH:
        return [f"'{found.name}' has {found.drawn} to compare. With fewer than {ENOUGH} {what} intervals are rough."]
    return []


def _targets(heads: Mapping[str, Head]) -> str:
    return ", ".join(f"'{name}' ({head.kind})" for name, head in heads.items())
