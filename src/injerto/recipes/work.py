"""What all stages of a recipe share while it is trained: the rows, what is marked, which part each row stands in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from injerto.errors import TrainingError
from injerto.recipes.marks import Marks
from injerto.recipes.recipe import IDENTIFIER, LOCATOR, POINTER, Declared
from injerto.recipes.stages import Stages
from injerto.recipes.wishes import RecipeWishes
from injerto.schema.schema import Training
from injerto.table.column import Column
from injerto.table.table import Table

SPLIT = "split"
FEWEST_MARKED = 10
"""Rows to train with that must be marked: fewer cannot even say how a head lies."""
SHARES = {LOCATOR: 0.2, POINTER: 0.15, IDENTIFIER: 0.65}
"""Of the budget, for each stage. Fixed, so that a run that was killed asks for the same when it goes on."""


@dataclass(frozen=True)
class Work:
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
