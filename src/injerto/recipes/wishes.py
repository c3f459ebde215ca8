"""What a recipe is asked to learn, as declared columns and one split for all of its stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from injerto.errors import ColumnError, did_you_mean
from injerto.learning.division import divide
from injerto.progress import Progress
from injerto.recipes.marks import mark_columns
from injerto.recipes.recipe import (
    Declared,
)
from injerto.report.language import LanguageCode
from injerto.schema.photo_columns import photo_columns
from injerto.schema.wishes import Wishes, declare
from injerto.table.passport import Frame
from injerto.table.table import Table

IDENTITY: str = "individual"
"""The kind of the identifier's target."""
SIDES = ("train", "tune", "test")


@dataclass(frozen=True)
class RecipeWishes:
    """What the recipe is asked to learn. Columns that are not named are found."""

    target: str
    photo: str | None = None
    box: Sequence[str] = ()
    points: Sequence[str] = ()
    sighting: str | None = None
    flank: str | None = None
    split: str | None = None
    frame: Frame = field(default_factory=Frame)
    budget_seconds: float | None = None
    epochs: int | None = None
    """Passes of locator and pointer over their rows; chosen by how many there are if empty."""
    seed: int = 0
    language: LanguageCode = field(default="en", repr=False)
    """Of the pages; no stage is trained anew for it."""


def declared_for(table: Table, asked: RecipeWishes) -> Declared:
    """The columns that are meant. *Raises* ColumnError for those that are not there, or that cannot be found."""
    for name in (asked.target, asked.photo, asked.sighting, asked.flank, asked.split):
        if name is not None and name not in table.columns:
            raise ColumnError(f"The table {table.name} has no column '{name}'.{did_you_mean(name, table.columns)}")
    columns = mark_columns(table.columns, asked.box, asked.points)
    return Declared(
        asked.target,
        asked.photo or _photo(table),
        columns.points,
        columns.box,
        columns.corners,
        asked.sighting,
        asked.flank,
        asked.frame,
    )


def _photo(table: Table) -> str:
    found = photo_columns(table)
    if len(found) == 1:
        return found[0]
    told = f"It has {', '.join(map(repr, found))}: name one." if found else f"Its columns: {', '.join(table.columns[:20])}."
    raise ColumnError(f"The table {table.name} does not have exactly one column of photos. {told}")


def sides_for(table: Table, declared: Declared, asked: RecipeWishes, progress: Progress) -> np.ndarray:
    """Train, tune or test (N,) for every row, as the identifier would be split."""
    names = [declared.photo, declared.target, asked.sighting, asked.split]
    narrow = replace(table, frame=table.frame.select(list(dict.fromkeys(name for name in names if name is not None))))
    wishes = Wishes(
        targets=[f"{declared.target}:{IDENTITY}"],
        inputs=[f"{declared.photo}:image"],
        sighting=asked.sighting,
        split=asked.split,
        seed=asked.seed,
    )
    rows = divide(narrow, declare(narrow, wishes), progress).rows
    progress.say(rows.reason)
    side = np.full(len(table), "unused")
    side[rows.train], side[rows.tune], side[rows.test] = SIDES
    return side
