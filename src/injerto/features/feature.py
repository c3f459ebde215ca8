"""The contract of every input column: fit on training rows, then one way to become a tensor."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
import torch
from torch import Tensor

from injerto.places.address import Place
from injerto.schema.schema import Input
from injerto.table.column import Column
from injerto.table.table import Table

JSON = Any  # a value json.dumps takes


class Feature(ABC):
    """One input column. What `fit` learned ends in an underscore and is all of `state()`."""

    together: ClassVar[bool]
    """True when all columns of this kind are embedded as one block (B, F, ...); False when each stands alone."""

    def __init__(self, name: str, options: Input) -> None:
        self.name = name
        self.options = options
        self.key = name
        """Its own among the features of a model; the name of the column, unless several read the same."""

    @property
    def reads(self) -> list[str]:
        """The columns of a table that the feature reads: its own, and those that say more about its cells."""
        return [self.name]

    def column(self, table: Table) -> Column:
        """The cells to fit on and to encode. *Raises* ColumnError when a column that it reads is not in `table`."""
        return table.column(self.name)

    @abstractmethod
    def fit(self, column: Column) -> Self:
        """Learn statistics from training rows only."""

    @abstractmethod
    def encode(self, column: Column) -> Tensor:
        """The one path for training and serving: N cells to a tensor (N, ...)."""

    @abstractmethod
    def unseen(self, column: Column) -> float:
        """Share of the filled cells that lie outside what the training rows showed."""

    def unreadable(self, column: Column) -> np.ndarray:
        """Cells (N,) bool at which `encode` would stop. Serving lists their rows and answers the others."""
        return np.zeros(len(column), dtype=bool)

    @abstractmethod
    def state(self) -> dict[str, JSON]:
        """What `fit` learned, as JSON."""

    @abstractmethod
    def restore(self, state: dict[str, JSON]) -> Self:
        """Take over what `state` of a fitted feature gave."""


class MediaFeature(Feature):
    """A column of files. Cells are read one by one, so that one bad file costs one row.

    `suit` comes before `fit`: the backbone that will look at the files says at which resolution.
    """

    together = False
    backbone_: str
    resolution_: int
    """Pixels a side for photos, Hz for sounds."""

    def suit(self, backbone: str, resolution: int) -> Self:
        """Take the catalogue name of the backbone that will read the tensors, and its pixels a side or Hz."""
        self.backbone_, self.resolution_ = backbone, resolution
        return self

    @property
    @abstractmethod
    def transform(self) -> str:
        """All that the tensor of a file depends on besides its bytes, in words: part of the key of cached vectors."""

    @abstractmethod
    def decode(self, cell: object, folder: Place, row: int | None) -> Tensor:
        """One cell as a tensor. *Raises* MediaError with the row and the reason."""

    def read(self, column: Column, index: int) -> Tensor:
        """The cell at `index` as a tensor. *Raises* MediaError with the row and the reason."""
        return self.decode(column.cell(index), column.folder, column.row(index))

    def encode(self, column: Column) -> Tensor:
        """All cells, stacked. *Raises* MediaError at the first that cannot be read."""
        return torch.stack([self.read(column, index) for index in range(len(column))])

    def unseen(self, column: Column) -> float:
        """Always 0: files have no vocabulary and no range to lie outside of."""
        return 0.0
