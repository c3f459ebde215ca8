"""The points of all rows as arrays: what every reader fills and every writer takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from injerto.errors import TableError, did_you_mean
from injerto.table.keypoints.columns import points_in, points_named
from injerto.table.keypoints.layout import point_columns

_MOST_NAMED = 5


@dataclass(frozen=True)
class Points:
    """K points of N rows.

    *Units*: pixels of the photo as stored; (0,0) is the centre of the upper left pixel.
    """

    names: tuple[str, ...]
    xy_pixels: np.ndarray
    """(N,K,2) float64, both NaN where the place is unknown."""
    visible: np.ndarray | None = None
    """(N,K) float64: 1, 0, or NaN where nothing is said; None when there are no such columns."""
    confidence: np.ndarray | None = None
    """(N,K) float64, NaN where there is none; None when there are no such columns."""
    read: list[str] = field(default_factory=list)
    """The columns of the frame that they were read from."""

    @classmethod
    def of(cls, frame: pl.DataFrame, names: Sequence[str] | None = None) -> Points:
        """The points of a frame in the product's own layout: those of `names`, or all.

        *Raises* TableError when there are none, cells are no numbers, or only one coordinate of a place is known.
        """
        found = points_in(frame.columns).names
        if names is None:
            names = found
        missing = [name for name in names if name not in found]
        if missing or not names:
            near = did_you_mean(missing[0], found) if missing else ""
            what = (
                f"'{missing[0]}' ({missing[0]}_x and {missing[0]}_y)"
                if missing
                else "(a pair of columns such as nose_x, nose_y)"
            )
            raise TableError(f"The table has no point {what}.{near} Its columns: {', '.join(frame.columns[:20])}.")
        points = points_named(names, frame.columns).points
        xy_pixels = np.stack(
            [_stacked(frame, [point.x for point in points]), _stacked(frame, [point.y for point in points])], 2
        )
        _refuse_half_places(xy_pixels, names)
        said, sure = [point.visible or "" for point in points], [point.confidence for point in points]
        visible, confidence = (_stacked(frame, own) if set(own) & set(frame.columns) else None for own in (said, sure))
        if visible is not None and not np.isin(visible[~np.isnan(visible)], (0, 1)).all():
            raise TableError("The columns NAME_visible must say true or false, or 1 or 0; some hold other numbers.")
        read = [name for point in points for name in (*point.columns, point.confidence) if name in frame.columns]
        return cls(tuple(names), xy_pixels, visible, confidence, read)

    @property
    def known(self) -> np.ndarray:
        """Which places are known, (N,K) bool."""
        return np.asarray(~np.isnan(self.xy_pixels[:, :, 0]))

    def series(self) -> list[pl.Series]:
        """The points as columns of a frame, in the product's own layout."""
        found = []
        for place, name in enumerate(self.names):
            x, y, visible, confidence = point_columns(name)
            found += [_column(x, self.xy_pixels[:, place, 0]), _column(y, self.xy_pixels[:, place, 1])]
            if self.visible is not None:
                found.append(_column(visible, self.visible[:, place]).cast(pl.Boolean))
            if self.confidence is not None:
                found.append(_column(confidence, self.confidence[:, place]))
        return found


def numbers_of(frame: pl.DataFrame, column: str) -> np.ndarray:
    """A column as (N,) float64, NaN where it is empty. *Raises* TableError when it holds anything but numbers."""
    series = frame[column]
    if not (series.dtype.is_numeric() or series.dtype == pl.Boolean or series.null_count() == len(series)):
        first = series.drop_nulls()[0]
        raise TableError(f"Column '{column}' must hold numbers; it holds {str(first)[:40]!r}.")
    if series.null_count() == len(series):
        return np.full(len(series), np.nan)
    numbers: np.ndarray = series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return numbers


def _column(name: str, numbers: np.ndarray) -> pl.Series:
    return pl.Series(name, np.ascontiguousarray(numbers), dtype=pl.Float64).fill_nan(None)


def _stacked(frame: pl.DataFrame, columns: list[str]) -> np.ndarray:
    """Columns beside each other, (N,K) float64; one that the frame lacks is all NaN."""
    return np.stack(
        [numbers_of(frame, name) if name in frame.columns else np.full(frame.height, np.nan) for name in columns], axis=1
    )


def _refuse_half_places(xy_pixels: np.ndarray, names: Sequence[str]) -> None:
    unknown = np.isnan(xy_pixels)
    rows, places = np.nonzero(unknown[:, :, 0] != unknown[:, :, 1])
    if len(rows):
        halves = list(zip(rows.tolist(), places.tolist(), strict=True))
        some = ", ".join(f"{names[place]} in row {row}" for row, place in halves[:_MOST_NAMED])
        more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
        raise TableError(f"Points of which only x or only y is known: {some}{more} (rows from 0). Give both, or neither.")
