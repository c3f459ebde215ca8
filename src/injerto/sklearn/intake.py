"""What scikit-learn users hand over as X, an array or a dataframe, to a table whose columns keep their types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import polars as pl
from sklearn.utils.validation import validate_data

from injerto.sklearn.cells import series_of
from injerto.table.frames import frame_of
from injerto.table.table import Table


@runtime_checkable
class PandasLike(Protocol):
    """A dataframe of pandas or of a library that follows it."""

    columns: Any
    iloc: Any
    shape: tuple[int, int]


@dataclass(frozen=True)
class Intake:
    """X as a table, and the columns that came as numbers in an array: those are numbers, there is nothing to guess."""

    table: Table
    numbers: list[str]


def take_in(
    estimator: Any,
    X: Any,
    *,
    folder: str | Path,
    reset: bool,
    names: Sequence[str] | None = None,
    fewest_rows: int = 1,
) -> Intake:
    """Check `X` as scikit-learn does and keep its columns apart. Columns of an array are called x0, x1, ... or `names`.

    With `reset` the estimator learns what X looks like, without it X must look as it did then.
    *Raises* ValueError in scikit-learn's words, TableError for cells of mixed kinds.
    """
    if isinstance(X, pl.DataFrame | PandasLike):
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        _require_size(X.shape, fewest_rows, type(estimator).__name__)
        # Arrow hands the index of a pandas dataframe over as one more column.
        frame, numbers = frame_of(X).select([str(name) for name in X.columns]), []
    else:
        cells = validate_data(
            estimator,
            _array_of(X),
            reset=reset,
            dtype=None,
            ensure_all_finite=False,
            ensure_min_samples=fewest_rows,
        )
        frame = pl.DataFrame([series_of(f"x{place}", cells[:, place]) for place in range(cells.shape[1])])
        numbers = [name for name, dtype in frame.schema.items() if dtype.is_numeric()]
    if names is not None:
        # What is called otherwise now (an array after a dataframe) has passed scikit-learn's own check of names.
        frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
        numbers = []
    return Intake(Table.of(frame, folder=folder), numbers)


def _array_of(X: Any) -> Any:
    """Lists with text in them as objects: numpy would turn the numbers beside it to text."""
    if not isinstance(X, list | tuple):
        return X
    array = np.asarray(X)
    return np.asarray(X, dtype=object) if array.dtype.kind in "US" else array


def _require_size(shape: tuple[int, int], fewest_rows: int, name: str) -> None:
    """*Raises* ValueError as check_array does for an array."""
    for found, fewest, noun in ((shape[0], fewest_rows, "sample"), (shape[1], 1, "feature")):
        if found < fewest:
            raise ValueError(
                f"Found array with {found} {noun}(s) (shape={shape}) while a minimum of {fewest} is required by {name}."
            )
