"""Train the recipe for individuals: box, points, upright passport photo, who it is. The whole chain on one page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from injerto.errors import ColumnError, TrainingError, did_you_mean
from injerto.learning.division import divide
from injerto.model import Model, train
from injerto.progress import Progress, Silent
from injerto.recipes.box_rule import BoxRule
from injerto.recipes.chain_scores import Trial, chain_scores
from injerto.recipes.found import Found, find
from injerto.recipes.locator import locate, locator_schema, locator_table
from injerto.recipes.marks import Marks, boxes_around, mark_columns, read_marks
from injerto.recipes.passports import named, passports
from injerto.recipes.pointer import exchanged, point, pointer_schema, pointer_table
from injerto.recipes.recipe import (
    IDENTIFIER,
    LEDGER,
    LOCATOR,
    PASSPORT,
    POINTER,
    SCORES,
    Declared,
    Recipe,
    columns_of,
    write_declared,
)
from injerto.recipes.second_look import look_of
from injerto.recipes.shown import recipe_page
from injerto.recipes.stages import Stages, identity_of
from injerto.schema.photo_columns import photo_columns
from injerto.schema.schema import Schema, Training
from injerto.schema.wishes import Wishes, declare
from injerto.table.column import Column
from injerto.table.ledger import Ledger
from injerto.table.passport import Frame
from injerto.table.table import Table
from injerto.whole_file import write_whole

IDENTITY: str = "individual"
"""The kind of the identifier's target."""
SPLIT = "split"
SIDES = ("train", "tune", "test")
FEWEST_MARKED = 10
"""Rows to train with that must be marked: fewer cannot even say how a head lies."""
SAID = 5
"""Marks that cannot be used, said one by one; all are in ledger.csv."""
SHARES = {LOCATOR: 0.2, POINTER: 0.15, IDENTIFIER: 0.65}
"""Of the budget, for each stage. Fixed, so that a run that was killed asks for the same when it goes on."""
SUSPECTS = "suspects.csv"
PASSPORTS, FOUND = "passports", "passports/found"
"""Folders of passport photos: of all rows, and of test rows as they are when nothing is marked."""


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


def train_recipe(
    table: object,
    asked: RecipeWishes | str,
    out: str | Path,
    *,
    force: bool = False,
    folder: str | Path = ".",
    progress: Progress | None = None,
) -> Recipe:
    """Train locator, pointer and identifier, one after the other, into the folder `out`, with scores and a page to look at.

    Any of the rows may be marked with a box, with points, with both. A stage that is finished is kept when the same is asked
    again; with `force` the folder of another recipe may be used, of which the stages that would come out the same are kept. No
    row that tests one stage has taught any.

    *Raises* ColumnError and SchemaError for columns that are not there or cannot serve, TrainingError where too few rows are
    marked, OutputError when `out` holds something else, or another recipe.
    """
    asked = RecipeWishes(asked) if isinstance(asked, str) else asked
    progress, out = progress or Silent(), Path(out)
    data = Table.of(table, folder=folder)
    declared = _declared(data, asked)
    stages = Stages(out, progress)
    stages.claim(identity_of(data, repr(asked)), force=force)
    marks = read_marks(data, declared.photo, declared.marks)
    for entry in marks.ledger.entries[:SAID]:
        progress.say(f"Not taken as marked: row {entry.row}: {entry.reason}.")
    side = _sides(data, declared, asked, progress)
    photos = data.column(declared.photo)
    return _chain(_Work(data, asked, declared, photos, marks, side, stages))


def _declared(table: Table, asked: RecipeWishes) -> Declared:
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


@dataclass(frozen=True)
class _Work:
    """What all stages share."""

    table: Table
    asked: RecipeWishes
    declared: Declared
    photos: Column
    marks: Marks
    side: np.ndarray
    """The part of the split (N,) that each row stands in, as words: one split for all stages."""
    stages: Stages

    def training(self, stage: str) -> Training:
        """How a stage of points learns."""
        return Training(epochs=self.asked.epochs, seed=self.asked.seed, budget_seconds=self.budget_seconds(stage))

    def budget_seconds(self, stage: str) -> float | None:
        """A stage's share of the budget; None without one."""
        budget = self.asked.budget_seconds
        return None if budget is None else budget * SHARES[stage]

    def require_marked(self, rows: np.ndarray, what: str) -> None:
        """*Raises* TrainingError where too few of `rows` (N,) bool train."""
        count = int((rows & (self.side == "train")).sum())
        if count < FEWEST_MARKED:
            raise TrainingError(
                f"{count} of the rows to train with are marked with {what} that can be used; {FEWEST_MARKED} are the least, "
                "and a few hundred are what it takes. Mark more rows; the rest of the table may stay unmarked."
            )


def _chain(work: _Work) -> Recipe:
    """All stages, one after the other, then their scores and the page."""
    stages, declared, marks = work.stages, work.declared, work.marks
    locator, located_by = _locator(work)
    boxes = _boxes(work, locator)
    taught = work.side == "train"
    points = marks.points[taught]
    declared = replace(declared, look=look_of(boxes[taught], points), drawn=BoxRule.fit(marks.box[taught], points))
    work = replace(work, declared=declared)
    pointer, pointed_by = _pointer(work, boxes, located_by)
    found = find(locator, pointer, work.photos, marks, declared.lie, stages.progress)
    test = np.flatnonzero(work.side == "test")
    in_marked = _in_marked_boxes(work, pointer)
    as_new = find(locator, pointer, work.photos.take(test), Marks.none(len(test)), declared.lie, stages.progress)
    trial = Trial(test, marks.take(test), as_new, in_marked[test])
    lines, ledger = _passports(work, found, trial)
    identifier = _identifier(work, lines, pointed_by)
    recipe = Recipe(stages.folder, declared, locator, pointer, identifier)
    scores = chain_scores(recipe, trial, lines, work.side)
    _write(work, scores, ledger)
    page = recipe_page(declared, scores, work.photos, lines, found, trial)
    write_whole(stages.folder / "index.html", lambda file: file.write(page.encode()))
    write_declared(declared, stages.folder)
    return recipe


def _sides(table: Table, declared: Declared, asked: RecipeWishes, progress: Progress) -> np.ndarray:
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
    side = np.full(len(table), SIDES[0])
    side[rows.tune], side[rows.test] = SIDES[1], SIDES[2]
    return side


def _locator(work: _Work) -> tuple[Model, str]:
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


def _boxes(work: _Work, locator: Model) -> np.ndarray:
    """The boxes (N,4) in which the pointer learns: as marked, else as the locator finds them."""
    marks = work.marks
    box = marks.box.copy()
    asked = np.flatnonzero(marks.pointed & ~marks.boxed)
    if len(asked):
        box[asked] = locate(locator, work.photos.take(asked), work.stages.progress).box
    return box


def _pointer(work: _Work, box: np.ndarray, before: str) -> tuple[Model, str]:
    rows = work.marks.pointed & np.isfinite(box).all(axis=1)
    work.require_marked(rows, "two points")
    use = np.flatnonzero(rows)
    points, photos = work.declared.points, work.photos.take(use)
    table = pointer_table(photos, box[use], work.marks.points[use], points, pl.Series(SPLIT, work.side[use]))
    schema = pointer_schema(table, points, SPLIT, work.training(POINTER))
    identity = identity_of(table, schema, before)
    return work.stages.trained(POINTER, identity, lambda place: _trained(table, schema, place, work)), identity


def _in_marked_boxes(work: _Work, pointer: Model) -> np.ndarray:
    """Points (N,2,2) as the pointer finds them in marked boxes. Rows that look marked the other way round are listed."""
    marks, names = work.marks, work.declared.points
    both = (marks.boxed & marks.pointed)[:, None]
    boxes = np.where(both, marks.box, np.nan)
    points = point(pointer, work.photos, boxes, work.declared.look, work.stages.progress).points
    photos = named(work.photos)
    rows = np.flatnonzero(exchanged(points, marks.points)).tolist()
    frame = pl.DataFrame(
        {
            "row": [int(work.table.rows[row]) for row in rows],
            "photo": [photos[row] for row in rows],
            "reason": [f"{names[0]} and {names[1]} look as if they were exchanged; they are kept as marked"] * len(rows),
        },
        schema={"row": pl.Int64, "photo": pl.String, "reason": pl.String},
    )
    write_whole(work.stages.folder / SUSPECTS, lambda file: frame.write_csv(file))
    if rows:
        work.stages.progress.say(
            f"{len(rows)} row(s) look as if {names[0]} and {names[1]} were exchanged, the first is row {frame['row'][0]} "
            f"({frame['photo'][0]}); {SUSPECTS} lists them. They are kept as marked."
        )
    return points


def _trained(table: Table, schema: Schema, place: Path, work: _Work) -> Model:
    return train(table, schema=schema, out=place, force=True, progress=work.stages.progress)


def _passports(work: _Work, found: Found, trial: Trial) -> tuple[pl.DataFrame, Ledger]:
    """Write the passport photos and passports.csv; the lines of it, and what could not be made of some rows."""
    folder, photos, ledger = work.stages.folder, work.photos, Ledger(list(work.marks.ledger))
    made: dict[str, dict[int, str]] = {PASSPORTS: {}, FOUND: {}}
    problem = list(found.problem)
    usable = np.flatnonzero([not reason for reason in problem])
    again = trial.rows[[not reason for reason in trial.found.problem]]
    places = np.full_like(found.points, np.nan)
    places[trial.rows] = trial.found.points
    for name, points, rows in ((PASSPORTS, found.points, usable), (FOUND, places, again)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for row, picture, reason in passports(photos, points, rows, work.declared.frame, work.stages.progress):
            if picture is None:
                problem[row] = problem[row] or reason
                continue
            made[name][row] = f"{name}/{row:06d}.jpg"
            (folder / made[name][row]).write_bytes(picture)
    names = named(photos)
    for row, reason in enumerate(problem):
        if reason:
            ledger.add(int(work.table.rows[row]), photos.name, names[row], reason)
    kept = {name: work.table.frame[name] for name in work.declared.known}
    marked = np.where(work.marks.boxed, np.where(work.marks.pointed, "both", "box"), np.where(work.marks.pointed, "points", ""))
    lines = pl.DataFrame(
        {
            "row": work.table.rows,
            "photo": names,
            **{name: values for name, values in kept.items()},
            SPLIT: work.side,
            "marked": marked,
            PASSPORT: [made[PASSPORTS].get(row) for row in range(len(names))],
            "passport_found": [made[FOUND].get(row) for row in range(len(names))],
            **columns_of(found, work.declared.points),
            "problem": [reason or None for reason in problem],
        }
    )
    write_whole(folder / "passports.csv", lambda file: lines.write_csv(file))
    return lines, ledger


def _identifier(work: _Work, lines: pl.DataFrame, before: str) -> Model:
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
        )

    told = json.dumps(
        [target, IDENTITY, asked.sighting, asked.flank, asked.budget_seconds, asked.seed, repr(work.declared.frame)]
    )
    return work.stages.trained(IDENTIFIER, identity_of(table, told, before), learn)


def _write(work: _Work, scores: dict[str, Any], ledger: Ledger) -> None:
    folder = work.stages.folder
    write_whole(folder / SCORES, lambda file: file.write(json.dumps(scores, indent=1).encode()))
    write_whole(folder / LEDGER, lambda file: ledger.frame().write_csv(file))
