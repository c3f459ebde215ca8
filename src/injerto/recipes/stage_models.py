"""The three models of a recipe, each learned from what the stages before it found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl

from injerto.model import Model
from injerto.recipes.locator import locate, locator_schema, locator_table
from injerto.recipes.marks import boxes_around
from injerto.recipes.pointer import pointer_schema, pointer_table
from injerto.recipes.recipe import IDENTIFIER, LOCATOR, PASSPORT, POINTER
from injerto.recipes.stages import identity_of
from injerto.recipes.wishes import IDENTITY
from injerto.recipes.work import SPLIT, Work
from injerto.schema.schema import Schema
from injerto.table.table import Table
from injerto.train_model import train


def train_locator(work: Work) -> tuple[Model, str]:
    """Learned from the boxes that are marked; where none is, from boxes around the points."""
    marks = work.marks
    drawn = marks.box if marks.boxed.any() else boxes_around(marks.points)
    rows = np.isfinite(drawn).all(axis=1)
    work.require_marked(rows, "a box" if marks.boxed.any() else "two points")
    if not marks.boxed.any():
        work.stages.progress.say("No box is marked: heads are located by boxes around their points.")
    use = np.flatnonzero(rows)
    table = locator_table(work.photos.take(use), drawn[use], pl.Series(SPLIT, work.side[use]))
    schema = locator_schema(table, SPLIT, work.training(LOCATOR))
    identity = identity_of(table, schema)
    return work.stages.trained(LOCATOR, identity, lambda place: _trained(table, schema, place, work)), identity


def boxes_to_learn_in(work: Work, locator: Model) -> np.ndarray:
    """The boxes (N,4) in which the pointer learns: as marked, else as the locator finds them."""
    marks = work.marks
    box = marks.box.copy()
    asked = np.flatnonzero(marks.pointed & ~marks.boxed)
    if len(asked):
        box[asked] = locate(locator, work.photos.take(asked), work.stages.progress).box
    return box


def train_pointer(work: Work, box: np.ndarray, before: str) -> tuple[Model, str]:
    """Learned from the points that are marked, in boxes (N,4); `before` is what the locator was learned from."""
    rows = work.marks.pointed & np.isfinite(box).all(axis=1)
    work.require_marked(rows, "two points")
    use = np.flatnonzero(rows)
    points, photos = work.declared.points, work.photos.take(use)
    table = pointer_table(photos, box[use], work.marks.points[use], points, pl.Series(SPLIT, work.side[use]))
    schema = pointer_schema(table, points, SPLIT, work.training(POINTER))
    identity = identity_of(table, schema, before)
    return work.stages.trained(POINTER, identity, lambda place: _trained(table, schema, place, work)), identity


def train_identifier(work: Work, lines: pl.DataFrame, before: str) -> Model:
    """Learned from all passport photos with a name, marked or found."""
    target, asked = work.declared.target, work.asked
    names = [PASSPORT, target, SPLIT, *(name for name in (asked.sighting, asked.flank) if name is not None)]
    table = Table.of(lines.filter(pl.col(PASSPORT).is_not_null()).select(names), folder=work.stages.folder)

    def learn(place: Path) -> Model:
        return train(
            table,
            [f"{target}:{IDENTITY}"],
            inputs=[f"{PASSPORT}:image"],
            sighting=asked.sighting,
            flank=asked.flank,
            split=SPLIT,
            budget_seconds=work.budget_seconds(IDENTIFIER),
            seed=asked.seed,
            out=place,
            force=True,
            progress=work.stages.progress,
            language=asked.language,
        )

    told = json.dumps(
        [target, IDENTITY, asked.sighting, asked.flank, asked.budget_seconds, asked.seed, repr(work.declared.frame)]
    )
    return work.stages.trained(IDENTIFIER, identity_of(table, told, before), learn)


def _trained(table: Table, schema: Schema, place: Path, work: Work) -> Model:
    return train(table, schema=schema, out=place, force=True, progress=work.stages.progress, language=work.asked.language)
