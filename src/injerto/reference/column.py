"""The contract of what is kept of one column: some of its cells, and how strange each of them is to the others."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar, Self

import torch
from torch import Tensor

from injerto.features.feature import Feature
from injerto.reference.usual import Usual
from injerto.table.column import Column

LEAST = 5
"""Units with a filled cell without which nothing is strange: of four rows, or groups of them, none says what is usual."""


class ColumnReference(ABC):
    """One input column. `cells` (M,...) are those of the rows that are kept, as `read` or a backbone gives them."""

    tells_of_rows: ClassVar[bool] = True
    """Whether a strange cell makes its row strange. The next season's dates are always later."""

    cells: Tensor
    usual: Usual
    never_empty: bool
    """Whether no cell of the rows that taught was empty: an empty one is strange then."""
    _own: Tensor

    def encoded(self, feature: Feature) -> Tensor | None:
        """The kept cells (M,...) as `feature` encodes them; None where what is kept of them does not say it."""
        del feature
        return self.cells

    @classmethod
    def read(cls, feature: Feature, column: Column) -> Tensor:
        """The cells of a table column, (N,...). Columns of files come as vectors of their backbones instead."""
        return feature.encode(column)

    def fit(self, cells: Tensor, units: Tensor, kept: Tensor, noise: Tensor | None = None) -> Self:
        """Learn from all rows that taught: `cells` (N,...) and the unit (N,) of each; those at `kept` (M,) are remembered.

        `noise` (S,C) is what sounds that are nothing in particular are to the backbones of a column of sounds.
        """
        self.never_empty = not bool(self.empty(cells).any())
        self.learn(cells, noise)
        self.cells = self.small(cells[kept])
        own = units[kept]
        filled = (~self.empty(self.cells)).nonzero()[:, 0]
        self._own = torch.zeros(len(kept), dtype=torch.float64)
        self.usual = Usual(torch.empty(0))
        if len(own[filled].unique()) >= LEAST:
            apart = self.apart(filled, own, cells, units)
            self.usual = Usual.of(apart)
            self._own[filled] = self.usual.own_surprise(apart)
        return self

    def learn(self, cells: Tensor, noise: Tensor | None) -> None:
        """Learn what more than the kept cells is needed, from all of them."""
        del cells, noise

    def small(self, cells: Tensor) -> Tensor:
        """Cells as they are stored."""
        return cells

    @property
    def own_surprise(self) -> Tensor:
        """Right after `fit`, how surprising each kept row (M,) is to rows of other units; an empty cell is not."""
        return self._own

    @abstractmethod
    def empty(self, cells: Tensor) -> Tensor:
        """Which of the cells (N,) hold nothing."""

    @abstractmethod
    def apart(self, filled: Tensor, own: Tensor, cells: Tensor, units: Tensor) -> Tensor:
        """Strangeness of the kept cells at `filled` (F,) to cells of other units; `own` (M,) are the units of kept rows."""

    @abstractmethod
    def strangeness(self, cells: Tensor) -> Tensor:
        """Strangeness (N,) of new cells to all kept ones; what it says of empty ones does not count."""

    def share(self, cells: Tensor) -> Tensor:
        """Of new cells, the share (N,) of cells that are at least as strange; NaN for an empty one where others were empty."""
        share = self.usual.share(self.strangeness(cells)) if len(self.usual.scores) else torch.ones(len(cells)).double()
        rare = 1 / (1 + len(self.cells)) if self.never_empty else torch.nan
        return torch.where(self.empty(cells), rare, share)

    def surprise(self, cells: Tensor) -> Tensor:
        """How surprising new cells (N,) are, comparable between columns: 0 is nothing at all."""
        found = self.usual.surprise(self.strangeness(cells)) if len(self.usual.scores) else torch.zeros(len(cells)).double()
        rare = math.log(1 + len(self.cells)) if self.never_empty else 0.0
        return torch.where(self.empty(cells), rare, found)

    @property
    def tensors(self) -> dict[str, Tensor]:
        """All that `fit` learned but one word."""
        return {"cells": self.cells, "usual": self.usual.scores}

    def restore(self, tensors: dict[str, Tensor], *, never_empty: bool) -> Self:
        """Take over what `tensors` gave."""
        self.cells, self.usual, self.never_empty = tensors["cells"], Usual(tensors["usual"]), never_empty
        return self
