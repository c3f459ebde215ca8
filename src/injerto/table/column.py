"""One column on its way out of a table: its values, its name, and where its files are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Column:
    """Values (N,) with the folder that relative paths start from and each value's row in the table as given."""

    name: str
    values: pl.Series
    folder: Path
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

    def take(self, indices: np.ndarray) -> Self:
        """The cells at `indices`, in that order."""
        return type(self)(self.name, self.values.gather(indices), self.folder, self.rows[indices])
