"""The rows that an exported model is compared on, and what `injerto predict` says of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from injerto.answering import with_photos
from injerto.artifact.artifact import Artifact
from injerto.errors import ExportError
from injerto.export.promised import Asked
from injerto.features.feature import MediaFeature
from injerto.predict import predict
from injerto.progress import Progress
from injerto.table.table import Table

MOST_ROWS, MOST_WITH_FILES = 500, 20
"""Rows that are compared."""


@dataclass(frozen=True)
class Sample:
    """Rows that can be used, of a table named `of`."""

    of: str
    rows: Table
    predicted: pl.DataFrame


def sample_of(artifact: Artifact, table: Table, asked: Asked, *, progress: Progress) -> Sample:
    """Rows spread over those of `table` that can be used.

    *Raises* ColumnError when the table lacks a column the model reads, ExportError when no row can be used.
    """
    network = artifact.network
    table = with_photos(network, table, progress)
    most = MOST_WITH_FILES if any(isinstance(feature, MediaFeature) for feature in network.features) else MOST_ROWS
    some = table.take(_spread(len(table), 2 * most))
    told = predict(artifact, some, max_error=asked.max_error, coverage=asked.coverage, progress=progress).frame
    usable = np.flatnonzero(told["problem"].is_null().to_numpy())
    if not len(usable):
        reasons = told["problem"].drop_nulls()
        reason = reasons[0] if len(reasons) else "it has no rows"
        raise ExportError(
            f"No row of '{table.name}' that was tried can be used, so nothing can be compared: {reason}. Give --check another."
        )
    kept = usable[_spread(len(usable), most)]
    return Sample(table.name, some.take(kept), told[kept])


def _spread(count: int, most: int) -> np.ndarray:
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))
