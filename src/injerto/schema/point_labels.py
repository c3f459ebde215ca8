"""Columns of points as labels: where each point is, whether it is in the picture at all, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from injerto.schema.facts import family_of, known
from injerto.table.keypoints.columns import PointColumns

PRESENT = 1.0
ABSENT = 0.0
WORDS = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}
"""How a column says whether a point can be seen, beside 0 and 1, or 0, 1 and 2."""
UNREADABLE = -1.0


@dataclass(frozen=True)
class PointLabels:
    """Labels (N,K) of every row and point."""

    x_pixels: np.ndarray
    """Float64 (N,K), NaN where `state` is not 1."""
    y_pixels: np.ndarray
    """Float64 (N,K), NaN where `state` is not 1."""
    state: np.ndarray
    """Float64 (N,K): 1 where a place is known, 0 where the point is said not to be in the picture, NaN where neither is."""
    graded: bool = False
    """Whether visibility came in COCO's grades: 0 not labelled, 1 hidden but placed, 2 visible."""

    @property
    def placed(self) -> np.ndarray:
        """Bool (N,K): the place is known."""
        return np.asarray(self.state == PRESENT)

    @property
    def known(self) -> np.ndarray:
        """Bool (N,K): the place is known, or that there is none."""
        return np.asarray(~np.isnan(self.state))


def point_labels(frame: pl.DataFrame, points: PointColumns, *, graded: bool | None = None) -> PointLabels:
    """The labels of a table's rows; a half of a place, text and infinite numbers are unknown.

    A point that is not visible but has a place is hidden, its place known; without a place, or at (0,0), as tables fill up
    cells, it is not in the picture. Where visibility is graded, 0 means not labelled, whatever stands in x and y. `graded` is
    True where any cell of visibility is 2 unless it is given, as for more rows of a table that was looked at before.
    """
    shape = (len(frame), len(points))
    if graded is None:
        graded = is_graded(frame, points)
    x, y = (np.full(shape, np.nan) for _ in range(2))
    visible = np.full(shape, np.nan)
    for place, point in enumerate(points.points):
        x[:, place], y[:, place] = coordinates(frame[point.x]), coordinates(frame[point.y])
        if point.visible is not None:
            visible[:, place] = visibility(frame[point.visible])
    placed = np.isfinite(x) & np.isfinite(y)
    hidden = visible == 0
    state = np.full(shape, np.nan)
    if graded:
        state[placed & ~hidden] = PRESENT
    else:
        empty = ~placed | ((x == 0) & (y == 0))
        state[placed & ~(hidden & empty)] = PRESENT
        state[hidden & empty] = ABSENT
    present = state == PRESENT
    return PointLabels(np.where(present, x, np.nan), np.where(present, y, np.nan), state, graded)


def is_graded(frame: pl.DataFrame, points: PointColumns) -> bool:
    """Whether any column of visibility holds a 2: then all of them are in COCO's grades, as one tool wrote them."""
    return any((visibility(frame[point.visible]) == 2).any() for point in points.points if point.visible is not None)


def coordinates(cells: pl.Series) -> np.ndarray:
    """Cells as float64 (N,), NaN where empty, infinite or no number."""
    if family_of(cells.dtype) not in ("number", "text"):
        return np.full(len(cells), np.nan)
    numbers: np.ndarray = known(cells).cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    return np.where(np.isfinite(numbers), numbers, np.nan)


def visibility(cells: pl.Series) -> np.ndarray:
    """Cells as float64 (N,): 0, 1 or 2, NaN where empty, -1 where they are none of these and no word for yes or no."""
    if family_of(cells.dtype) not in ("truth", "number", "text"):
        return np.where(cells.is_null().to_numpy(), np.nan, UNREADABLE)
    filled = known(cells)
    if family_of(cells.dtype) == "text":
        words = filled.cast(pl.String).str.to_lowercase()
        numbers = words.replace_strict(WORDS, default=None, return_dtype=pl.Float64)
        numbers = pl.select(pl.coalesce(numbers, words.cast(pl.Float64, strict=False))).to_series()
    else:
        numbers = filled.cast(pl.Float64)
    found: np.ndarray = numbers.fill_null(UNREADABLE).to_numpy()
    found = np.where(np.isin(found, [0.0, 1.0, 2.0]), found, UNREADABLE)
    return np.where(filled.is_null().to_numpy(), np.nan, found)


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names in quotes, the first few of them.

    Example:
        >>> listed(["nose", "tail", "ear"], most=2)
        "'nose', 'tail' and 1 more"
    """
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(f"'{name}'" for name in names[:most]) + more
