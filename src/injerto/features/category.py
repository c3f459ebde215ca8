"""Category columns: a level's id in a vocabulary learned from the training rows."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.errors import TableError
from injerto.features.feature import Feature
from injerto.schema.schema import Input
from injerto.table.column import Column

UNKNOWN = 0
"""Id of a level the vocabulary does not hold: never seen, or too rare in training."""
MISSING = 1
"""Id of an empty cell."""
FIRST = 2
"""Id of the most frequent level."""


class CategoryFeature(Feature):
    """A column of levels. Ids: 0 UNKNOWN, 1 MISSING, then levels by falling count, equal counts by text."""

    together: ClassVar[bool] = True

    def __init__(self, name: str, options: Input) -> None:
        super().__init__(name, options)
        self.levels_: list[str] = []
        self.counts_: list[int] = [0, 0]
        self._vocabulary: pl.Series | None = None

    def fit(self, column: Column) -> Self:
        """Learn the vocabulary; levels seen less than `min_count` times stay out of it and are UNKNOWN."""
        text = _text(column)
        counted = pl.DataFrame({"level": text}).drop_nulls().group_by("level").len("count")
        kept = counted.filter(pl.col("count") >= self.options.min_count).sort(["count", "level"], descending=[True, False])
        rare = int(counted["count"].sum()) - int(kept["count"].sum())
        self.levels_ = kept["level"].to_list()
        self.counts_ = [rare, text.null_count(), *kept["count"].to_list()]
        self._vocabulary = None
        return self

    def encode(self, column: Column) -> Tensor:
        """N cells to ids (N,) int32."""
        text = _text(column)
        ids = np.full(len(text), UNKNOWN, dtype=np.int32)
        if self.levels_:
            if self._vocabulary is None:
                self._vocabulary = pl.Series(self.levels_, dtype=pl.String)
            ids = _places(text, self._vocabulary)
            # Only what the vocabulary does not hold as it stands is looked up in another spelling: 007 stays 007.
            strange = (ids == UNKNOWN) & text.is_not_null().to_numpy()
            if strange.any():
                ids[strange] = _places(_plain(text.filter(pl.Series(strange))), _plain(self._vocabulary))
        ids[text.is_null().to_numpy()] = MISSING
        return torch.from_numpy(ids)

    def unseen(self, column: Column) -> float:
        """Share of the filled cells that the vocabulary does not hold."""
        ids = self.encode(column)
        filled = int((ids != MISSING).sum())
        return float((ids == UNKNOWN).sum()) / filled if filled else 0.0

    @property
    def rows(self) -> int:
        """Rows of the learned matrix: UNKNOWN, MISSING and every level."""
        return FIRST + len(self.levels_)

    @property
    def row_names(self) -> list[str]:
        """What each row of the learned matrix stands for."""
        return ["UNKNOWN", "MISSING", *self.levels_]

    def state(self) -> dict[str, Any]:
        return {"levels": self.levels_, "counts": self.counts_}

    def restore(self, state: dict[str, Any]) -> Self:
        self.levels_, self.counts_ = [str(level) for level in state["levels"]], [int(count) for count in state["counts"]]
        self._vocabulary = None
        return self


def _text(column: Column) -> pl.Series:
    """Cells as text, one spelling a level: NFC, no outer spaces, 3.0 as 3, true and false; empty is null."""
    values = column.values
    if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object):
        raise TableError(f"Column '{column.name}' is a category in this model, but the table holds {values.dtype} there.")
    if values.dtype.is_float():
        # A whole column of integers becomes float as soon as one cell is empty: 3.0 and 3 are one level.
        whole = values.is_finite() & (values == values.round(0)) & (values.abs() < 2**53)
        text = values.cast(pl.String)
        integers = values.set(~whole.fill_null(False), None).cast(pl.Int64).cast(pl.String)
        text = integers.zip_with(integers.is_not_null(), text)
        return text.set(values.is_nan().fill_null(False), None)
    text = values.cast(pl.String)
    if values.dtype in (pl.String, pl.Categorical, pl.Enum):
        text = text.str.normalize("NFC").str.strip_chars()
        text = text.set(text == "", None)
    return text


def _places(text: pl.Series, vocabulary: pl.Series) -> np.ndarray:
    """Ids (N,) int32 of texts; of levels that are spelled the same the first, and so the most frequent, counts."""
    ids = pl.Series("id", np.arange(FIRST, FIRST + len(vocabulary), dtype=np.int32))
    known = pl.DataFrame({"level": vocabulary, "id": ids}).unique("level", keep="first", maintain_order=True)
    found = text.replace_strict(known["level"], known["id"], default=UNKNOWN, return_dtype=pl.Int32)
    return found.to_numpy().copy()


def _plain(text: pl.Series) -> pl.Series:
    """Truth values in small letters and whole numbers without decimals: the same table, read or written by other programs."""
    small = text.str.to_lowercase()
    whole = text.str.replace(r"^([+-]?\d+)\.0+$", "$1")
    return small.zip_with(small.is_in(["true", "false"]), whole)
