"""How good each stage is on rows that taught none, and how much of its errors the next one carries on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from injerto.errors import TableError
from injerto.evaluate import evaluate
from injerto.recipes.found import Found
from injerto.recipes.intervals import rounded, with_intervals
from injerto.recipes.locator import locator_scores
from injerto.recipes.marks import Marks
from injerto.recipes.pointer import pointer_scores
from injerto.recipes.recipe import IDENTIFIER, LOCATOR, PASSPORT, POINTER, Recipe
from injerto.table.table import Table


@dataclass(frozen=True)
class Trial:
    """Test rows as if nothing were marked on them, beside what is."""

    rows: np.ndarray
    """Their places (M,) in the table."""
    marks: Marks
    found: Found
    in_marked: np.ndarray
    """Points (M,2,2) found in the boxes that are marked; NaN where none is."""
    units: np.ndarray | None = None
    """Which rows (M,) were taken in one sighting; None where nobody noted that."""


def chain_scores(recipe: Recipe, trial: Trial, lines: pl.DataFrame, side: np.ndarray) -> dict[str, Any]:
    """Figures of every stage on test rows, each with its interval: with what a person marked, and with what was found.

    `lines` are those of passports.csv. The identifier is asked of the same rows both ways: those marked with both points of
    which a passport photo was made without the marks, too. `lost` counts the others.
    """
    found, marks = trial.found, trial.marks
    both = (marks.boxed & marks.pointed)[:, None, None]
    return {
        "rows": {name: int((side == name).sum()) for name in ("train", "tune", "test")},
        LOCATOR: with_intervals(locator_scores, found.located, marks.box, trial.units),
        POINTER: {
            "boxes_around_points": with_intervals(locator_scores, found.box, marks.box, trial.units),
            "in_marked_boxes": with_intervals(
                pointer_scores, trial.in_marked, np.where(both, marks.points, np.nan), trial.units
            ),
            "in_found_boxes": with_intervals(pointer_scores, found.points, marks.points, trial.units),
        },
        IDENTIFIER: _identified(recipe, lines.filter(pl.Series(side == "test"))),
    }


def _identified(recipe: Recipe, lines: pl.DataFrame) -> dict[str, Any]:
    marked = lines.filter(pl.col("marked").is_in(["both", "points"]) & pl.col(PASSPORT).is_not_null())
    fair = marked.filter(pl.col("passport_found").is_not_null())
    scores: dict[str, Any] = {"rows": len(fair), "lost": len(marked) - len(fair)}
    for name, column in (("on_marked_points", PASSPORT), ("on_found_points", "passport_found")):
        asked = fair.with_columns(pl.col(column).alias(PASSPORT))
        scores[name] = _figures(recipe, asked) if len(asked) else {}
    return scores


def _figures(recipe: Recipe, lines: pl.DataFrame) -> dict[str, Any]:
    try:
        evaluated = evaluate(recipe.identifier.artifact, Table.of(lines, folder=recipe.folder))  # no look that a person took
    except TableError:  # none of the rows has a name
        return {}
    score = evaluated.targets[recipe.declared.target]
    return {name: round(value, 4) for name, value in score.figures.items()} | {"intervals": rounded(score.intervals)}
