"""What columns of one level a cell and of several have in common: a vocabulary, and a lookup of a width."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import polars as pl
from torch import Tensor

from injerto.features.tally import Counted, LevelsTally, Tally
from injerto.features.vocabulary import FIRST, UNKNOWN, HashedVocabulary, ListedVocabulary, Vocabulary
from injerto.schema.schema import Input
from injerto.table.column import Column

PADDING = -1
"""In the places a cell does not fill."""


WIDTHS = (2, 8)
"""What a width may be: few different ones, as columns of one width share a matrix."""


def width_for(levels: int) -> int:
    """Values a level becomes: the least of WIDTHS that is not below 1.6 times the number of levels to the power of 0.56.

    *Source*: the rule is fastai's, found over many tables; it goes to 600 there. On three rolling splits of flights widths
    up to 16 were no better than 8 for all, nor were 2, 4 and 8 beyond the noise, and each width more costs a lookup a step.

    Example:
        >>> [width_for(levels) for levels in (1, 3, 12, 100, 4000)]
        [2, 8, 8, 8, 8]
    """
    wanted = 1.6 * max(1, levels) ** 0.56
    return next((width for width in WIDTHS if width >= round(wanted)), WIDTHS[-1])


class LevelsFeature(Counted):
    """A column whose cells hold levels of a vocabulary. Columns that name the same `vocabulary` learn one together."""

    together: ClassVar[bool] = True

    def __init__(self, name: str, options: Input) -> None:
        super().__init__(name, options)
        self.vocabulary_: Vocabulary = HashedVocabulary(options.hash_rows) if options.hash_rows else ListedVocabulary()
        self.width_ = 0
        self.places_ = 1
        """Ids a cell becomes."""

    @abstractmethod
    def fullest(self, column: Column) -> int:
        """Levels in the cell that has most of them, at least 1."""

    @abstractmethod
    def texts(self, column: Column) -> pl.Series:
        """The levels of all cells, one an occurrence; null for a cell that holds none."""

    def fit(self, column: Column) -> Self:
        """Learn the vocabulary; levels seen less than `min_count` times stay out of it and are UNKNOWN."""
        return self.fit_together([column])

    def fit_together(self, columns: Sequence[Column]) -> Self:
        """Learn one vocabulary from several columns."""
        tally = self.tally(columns[0])
        for column in columns[1:]:
            tally.add(self.tally(column))
        return self.settle(tally)

    def tally(self, column: Column) -> LevelsTally:
        return LevelsTally(self.texts(column).rename(""), self.fullest(column))

    def settle(self, tally: Tally) -> Self:
        """Learn the vocabulary from the counts of its levels."""
        assert isinstance(tally, LevelsTally)
        self.vocabulary_.settle(tally, self.options.min_count)
        self.width_ = self.options.width or width_for(self.rows - FIRST)
        self.places_ = tally.fullest
        return self

    def widen(self, width: int) -> Self:
        """Take the width of rows that come from another model."""
        self.width_ = width
        return self

    def unseen(self, column: Column) -> float:
        """Share of the levels in filled cells that the vocabulary does not hold."""
        ids = self.vocabulary_.ids(self.texts(column).drop_nulls())
        return float((ids == UNKNOWN).mean()) if len(ids) else 0.0

    @abstractmethod
    def encode(self, column: Column) -> Tensor:
        """N cells to ids (N,) or (N, places) int32."""

    @property
    def counts_(self) -> list[int]:
        """How often each id stood in the training rows."""
        return self.vocabulary_.counts_

    @property
    def rows(self) -> int:
        """Rows of the learned matrix: UNKNOWN, MISSING and every level."""
        return self.vocabulary_.rows

    @property
    def row_names(self) -> list[str]:
        """What each row of the learned matrix stands for."""
        return self.vocabulary_.row_names

    def state(self) -> dict[str, Any]:
        return {**self.vocabulary_.state(), "width": self.width_, "places": self.places_}

    def restore(self, state: dict[str, Any]) -> Self:
        self.vocabulary_.restore(state)
        self.width_, self.places_ = int(state["width"]), int(state["places"])
        return self
