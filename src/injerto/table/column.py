"""One column on its way out of a table: its values, its name, and where its files are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl

from injerto.places.address import Place
from injerto.places.ahead import THREADS
from injerto.table.cell_bytes import address_of


@dataclass(frozen=True)
class Column:
    """Values (N,) with the folder that relative paths start from and each value's row in the table as given."""

    name: str
    values: pl.Series
    folder: Place
    rows: np.ndarray
    """Row numbers (N,) int64, from 0, in the table as it was given."""

    def __len__(self) -> int:
        return len(self.values)

    def cell(self, index: int) -> Any:
        """The value at `index`: a str, bytes, dict, number, date or None."""
        return self.values[index]

    def row(self, index: int) -> int:
        """The row of `index` in the table as it was given, for messages."""
        return int(self.rows[index])

    def readers(self, here: int | None) -> int:
        """Threads to read its files with: `here` on this machine, more where each waits for a store to answer.

        The first cell that says anything tells which it is.
        """
        here = here or os.cpu_count() or 1
        elsewhere = any(address_of(cell, self.folder) is not None for cell in self.values.drop_nulls().head(1))
        return max(THREADS, here) if elsewhere else here

    def take(self, indices: np.ndarray) -> Self:
        """The cells at `indices`, in that order."""
        return type(self)(self.name, self.values.gather(indices), self.folder, self.rows[indices])
