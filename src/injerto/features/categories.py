"""Columns of several levels a cell, such as `fox; owl; wren`: a bag of ids, in which the order says nothing."""

from __future__ import annotations

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.features.levels import PADDING, LevelsFeature
from injerto.features.spelling import text_of, tidy
from injerto.features.vocabulary import UNKNOWN
from injerto.table.column import Column


class CategoriesFeature(LevelsFeature):
    """A column of bags. A level named twice in a cell counts once; a cell without any is MISSING.

    A cell keeps as many levels as the fullest training cell had. Of more, the rarest in training go, unknown ones first:
    a network has never seen such a crowd.
    """

    def fullest(self, column: Column) -> int:
        return int(np.bincount(self._bags(column)["cell"].to_numpy()).max(initial=1))

    def _bags(self, column: Column) -> pl.DataFrame:
        """Columns `cell` and `level`: one row for every different level of a cell, one with null for a cell without any."""
        values = column.values
        if isinstance(values.dtype, pl.List):
            parts = values.list.eval(pl.element().cast(pl.String))
        else:
            parts = text_of(column).str.split(self.options.separator)
        frame = pl.DataFrame({"cell": np.arange(len(values)), "level": parts}).explode("level")
        frame = frame.with_columns(level=tidy(frame["level"])).unique(maintain_order=True)
        filled = frame.drop_nulls("level")
        empty = pl.DataFrame({"cell": np.arange(len(values))}).join(filled, on="cell", how="anti")
        return pl.concat([filled, empty.with_columns(level=pl.lit(None, dtype=pl.String))])

    def texts(self, column: Column) -> pl.Series:
        return self._bags(column)["level"]

    def encode(self, column: Column) -> Tensor:
        """N cells to ids (N, places) int32, the most frequent levels first; places that a cell does not fill hold -1."""
        bags = self._bags(column)
        ids = pl.Series("id", self.vocabulary_.ids(bags["level"]))
        # Several unknown levels of a cell are one UNKNOWN: how many there are says more about the table than about the row.
        known = bags.with_columns(ids).unique(["cell", "id"]).with_columns(last=pl.col("id") == UNKNOWN)
        known = known.sort("cell", "last", "id").with_columns(place=pl.int_range(pl.len()).over("cell"))
        known = known.filter(pl.col("place") < self.places_)
        encoded = np.full((len(column), self.places_), PADDING, dtype=np.int32)
        encoded[known["cell"].to_numpy(), known["place"].to_numpy()] = known["id"].to_numpy()
        return torch.from_numpy(encoded)
