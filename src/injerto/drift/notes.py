"""Why a comparison with the training rows may say less, or other, than it seems to."""

from __future__ import annotations

from collections.abc import Sequence

from injerto.artifact.artifact import Artifact
from injerto.drift.shuffles import Array
from injerto.evaluate_notes import known_rows
from injerto.schema.guess import counted
from injerto.table.grouping import Grouping
from injerto.table.table import Table

FEW = 20


def notes_of(artifact: Artifact, table: Table, used: int, units: Array, own: Sequence[Grouping]) -> list[str]:
    """All of them; `own` are the groupings that the model was split by and that nobody replaced."""
    notes = []
    taught = known_rows(artifact, table).taught
    if artifact.facts.get("digest") == table.digest():
        notes.append("This is the table the model was trained on: it cannot differ from itself.")
    elif taught:
        notes.append(f"{counted(taught, 'row')} of these taught the model, and cannot differ from the training rows.")
    if len(table) > used:
        notes.append(f"{len(table) - used:,} of {counted(len(table), 'row')} could not be used and are left out.")
    notes += [
        f"The model was split by '{one.column}', a column that the table lacks. If its rows come in such groups, chance looks "
        "smaller than it is and p-values are too small: name a column of groups with --group."
        for one in own
        if one.column not in table.columns
    ]
    count = int(units.max()) + 1
    if count < FEW:
        what = "group" if count < len(units) else "row"
        notes.append(f"The table has {counted(count, what)} to compare. Only large changes show in so few.")
    return notes
