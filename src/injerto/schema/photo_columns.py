"""The columns of a table that hold photos, or sounds, whatever they are called."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from injerto.schema.facts import facts_of
from injerto.schema.guess_media import guess_media
from injerto.table.table import Table

Kind = Literal["image", "sound"]


def photo_columns(table: Table, kind: Kind = "image") -> list[str]:
    """Columns of paths of photos, of photos themselves, or of grey levels; with the other `kind`, of sounds."""
    facts = facts_of(table)
    guesses = {name: guess_media(table.column(name), facts[name]) for name in table.columns}
    return [name for name, guess in guesses.items() if guess is not None and guess.kind == kind]


def called(table: Table, photo: str, kind: Kind = "image") -> tuple[Table, str]:
    """`table` with its one column of photos, or of the other `kind`, called `photo`, and its name before.

    The table as it is, and an empty name, when it has such a column already, or not exactly one of that kind.
    """
    found = [] if photo in table.columns else photo_columns(table, kind)
    if len(found) != 1:
        return table, ""
    return replace(table, frame=table.frame.rename({found[0]: photo})), found[0]
