"""Train the recipe for individuals: box, points, upright passport photo, who it is. The whole chain on one page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from injerto.bootstrap_units import group_units, those_in
from injerto.progress import Progress, Silent
from injerto.recipes.box_rule import BoxRule
from injerto.recipes.chain_scores import Trial, chain_scores
from injerto.recipes.exchanged_marks import points_in_marked_boxes
from injerto.recipes.found import find
from injerto.recipes.marks import Marks, read_marks
from injerto.recipes.passport_files import write_passports
from injerto.recipes.recipe import LEDGER, SCORES, Recipe, write_declared
from injerto.recipes.second_look import look_of
from injerto.recipes.shown import recipe_page
from injerto.recipes.stage_models import boxes_to_learn_in, train_identifier, train_locator, train_pointer
from injerto.recipes.stages import Stages, identity_of
from injerto.recipes.wishes import RecipeWishes, declared_for, sides_for
from injerto.recipes.work import Work
from injerto.table.grouping import Grouping
from injerto.table.ledger import Ledger
from injerto.table.table import Table
from injerto.whole_file import write_whole

SAID = 5
"""Marks that cannot be used, said one by one; all are in ledger.csv."""


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
    declared = declared_for(data, asked)
    stages = Stages(out, progress)
    stages.claim(identity_of(data, repr(asked)), force=force)
    marks = read_marks(data, declared.photo, declared.marks)
    for entry in marks.ledger.entries[:SAID]:
        progress.say(f"Not taken as marked: row {entry.row}: {entry.reason}.")
    side = sides_for(data, declared, asked, progress)
    photos = data.column(declared.photo)
    return _chain(Work(data, asked, declared, photos, marks, side, stages))


def _chain(work: Work) -> Recipe:
    """All stages, one after the other, then their scores and the page."""
    stages, declared, marks = work.stages, work.declared, work.marks
    locator, located_by = train_locator(work)
    boxes = boxes_to_learn_in(work, locator)
    taught = work.side == "train"
    points = marks.points[taught]
    declared = replace(declared, look=look_of(boxes[taught], points), drawn=BoxRule.fit(marks.box[taught], points))
    work = replace(work, declared=declared)
    pointer, pointed_by = train_pointer(work, boxes, located_by)
    found = find(locator, pointer, work.photos, marks, declared.lie, stages.progress)
    test = np.flatnonzero(work.side == "test")
    in_marked = points_in_marked_boxes(work, pointer)
    as_new = find(locator, pointer, work.photos.take(test), Marks.none(len(test)), declared.lie, stages.progress)
    known = those_in(work.table, Grouping(declared.sighting)) if declared.sighting else []
    trial = Trial(test, marks.take(test), as_new, in_marked[test], group_units(work.table.take(test), known))
    lines, ledger = write_passports(work, found, trial)
    identifier = train_identifier(work, lines, pointed_by)
    recipe = Recipe(stages.folder, declared, locator, pointer, identifier)
    scores = chain_scores(recipe, trial, lines, work.side)
    _write(work, scores, ledger)
    page = recipe_page(declared, scores, work.photos, lines, found, trial, work.asked.language)
    write_whole(stages.folder / "index.html", lambda file: file.write(page.encode()))
    write_declared(declared, stages.folder)
    return recipe


def _write(work: Work, scores: dict[str, Any], ledger: Ledger) -> None:
    folder = work.stages.folder
    write_whole(folder / SCORES, lambda file: file.write(json.dumps(scores, indent=1).encode()))
    write_whole(folder / LEDGER, lambda file: ledger.frame().write_csv(file))
