"""What a person marked on photos: a box around the head, two points on it, on any of the rows; and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import polars as pl

from injerto.errors import ColumnError, SchemaError, did_you_mean
from injerto.table.framing import framing_of
from injerto.table.keypoints.columns import box_in, points_in, points_named
from injerto.table.ledger import Ledger
from injerto.table.passport import LEAST_APART_PIXELS
from injerto.table.table import Table

CORNERS = (
    ("bbox1_x", "bbox1_y", "bbox2_x", "bbox2_y"),
    ("x1", "y1", "x2", "y2"),
    ("xmin", "ymin", "xmax", "ymax"),
    ("x_min", "y_min", "x_max", "y_max"),
)
"""Names of columns of two corners of a box, in any order of the corners."""
_SIZE = re.compile(r"(^|_|\b)(w|width)$", re.IGNORECASE)
"""How the third column of a box is called where it is a width; else it is the x of the other corner."""


@dataclass(frozen=True)
class MarkColumns:
    """The columns that hold marks."""

    box: tuple[str, ...]
    """Left, top, width, height or, with `corners`, two corners; empty where no column holds a box."""
    corners: bool
    points: tuple[str, str]
    """Names of the two points, the one that lies in front first."""


@dataclass(frozen=True)
class Marks:
    """Marks of N rows, in pixels of the photos as stored."""

    box: np.ndarray
    """(N,4): left, top (from the photo's edges), width, height; NaN where not marked, or not usable."""
    points: np.ndarray
    """(N,2,2): x and y of the two points; NaN likewise."""
    ledger: Ledger = field(default_factory=Ledger)
    """Marks that cannot be used; the rows are taken as not marked."""

    def take(self, rows: np.ndarray) -> Self:
        """The marks at `rows`, and the whole ledger."""
        return type(self)(self.box[rows], self.points[rows], self.ledger)

    @classmethod
    def none(cls, count: int) -> Self:
        """`count` rows on which nothing is marked."""
        return cls(np.full((count, 4), np.nan), np.full((count, 2, 2), np.nan))

    @property
    def boxed(self) -> np.ndarray:
        """Rows (N,) with a box."""
        return np.asarray(np.isfinite(self.box).all(axis=1))

    @property
    def pointed(self) -> np.ndarray:
        """Rows (N,) with both points."""
        return np.asarray(np.isfinite(self.points).all(axis=(1, 2)))


def mark_columns(columns: Sequence[str], box: Sequence[str] = (), points: Sequence[str] = ()) -> MarkColumns:
    """The columns of marks, as they are named or, where nothing is named, found.

    *Raises* ColumnError for a column that is not there, SchemaError where two points are not to be told.
    """
    missing = [name for name in box if name not in columns]
    if missing:
        raise ColumnError(f"The table has no column '{missing[0]}' of a box.{did_you_mean(missing[0], columns)}")
    if len(box) not in (0, 4):
        raise SchemaError([f"A box has four columns: left, top, width, height, or two corners. {len(box)} are named."])
    found = tuple(box) or tuple(box_in(columns)) or next((names for names in CORNERS if set(names) <= set(columns)), ())
    corners = bool(found) and _SIZE.search(found[2]) is None
    if points:
        return MarkColumns(found, corners, _named_points(columns, points))
    names = [point.name for point in points_in([name for name in columns if name not in found]).points]
    if len(names) != 2:
        raise SchemaError(
            [
                f"The recipe needs two points on each head, and the table has {len(names)} pairs of columns NAME_x and NAME_y"
                + (f": {', '.join(names)}" if names else "")
                + ". Name the two, the one in front first, as in --points bonnet,blowhead."
            ]
        )
    return MarkColumns(found, corners, (names[0], names[1]))


def _named_points(columns: Sequence[str], points: Sequence[str]) -> tuple[str, str]:
    if len(points) != 2 or points[0] == points[1]:
        raise SchemaError([f"The recipe needs two points, the one in front first; named are {', '.join(points) or 'none'}."])
    there = points_named(points, columns).names
    missing = [name for name in points if name not in there]
    if missing:
        near = did_you_mean(missing[0], [point.name for point in points_in(columns).points])
        raise ColumnError(f"The table has no columns {missing[0]}_x and {missing[0]}_y.{near}")
    return points[0], points[1]


def read_marks(table: Table, photo: str, columns: MarkColumns) -> Marks:
    """The marks of every row. Boxes without an area or beside their photo and points that coincide are listed, with the row."""
    marks = Marks(_boxes(table, columns), _points(table, columns))
    sizes = framing_of(table.column(photo)).sizes
    some = ~np.isnan(marks.box).all(axis=1)
    for row in np.flatnonzero(some):
        reason = _box_problem(marks.box[row], sizes[row])
        if reason:
            marks.ledger.add(int(table.rows[row]), columns.box[0], "", reason)
            marks.box[row] = np.nan
    known = np.isfinite(marks.points).all(axis=(1, 2))
    for row in np.flatnonzero(~np.isnan(marks.points).all(axis=(1, 2))):
        reason = _points_problem(marks.points[row], sizes[row], columns.points)
        if reason:
            marks.ledger.add(int(table.rows[row]), f"{columns.points[0]}_x", "", reason)
        if reason or not known[row]:
            marks.points[row] = np.nan
    return marks


def _boxes(table: Table, columns: MarkColumns) -> np.ndarray:
    if not columns.box:
        return np.full((len(table), 4), np.nan)
    values = np.stack([_numbers(table, name) for name in columns.box], axis=1)
    if not columns.corners:
        return values
    low, high = np.minimum(values[:, :2], values[:, 2:]), np.maximum(values[:, :2], values[:, 2:])
    return np.concatenate([low, high - low], axis=1)


def _points(table: Table, columns: MarkColumns) -> np.ndarray:
    found = points_named(columns.points, table.columns).points
    if len(found) != 2:
        return np.full((len(table), 2, 2), np.nan)
    return np.stack([np.stack([_numbers(table, point.x), _numbers(table, point.y)], axis=1) for point in found], axis=1)


def _numbers(table: Table, name: str) -> np.ndarray:
    values = table.column(name).values.cast(pl.Float64, strict=False)
    return np.array(values.fill_null(np.nan).to_numpy(), dtype=np.float64)


def _box_problem(box: np.ndarray, size: np.ndarray) -> str:
    """What is wrong with a box, of which something is filled in; nothing where all is well."""
    if not np.isfinite(box).all():
        return f"box: not all of its four numbers are known: {', '.join(f'{value:g}' for value in box)}"
    left, top, width, height = box
    if width <= 0 or height <= 0:
        return f"box: it has no area: {width:g} pixels wide and {height:g} high"
    if np.isfinite(size).all() and (left >= size[0] or top >= size[1] or left + width <= 0 or top + height <= 0):
        return f"box: it lies beside the photo of {size[0]:g} x {size[1]:g} pixels: from {left:g}, {top:g}"
    return ""


def _points_problem(points: np.ndarray, size: np.ndarray, names: Sequence[str]) -> str:
    if not np.isfinite(points).all():
        return ""  # a point alone is no error: the other is simply not marked
    apart = float(np.linalg.norm(points[0] - points[1]))
    if apart < LEAST_APART_PIXELS:
        return f"points: {names[0]} and {names[1]} lie at the same place, {points[0, 0]:g}, {points[0, 1]:g}"
    if np.isfinite(size).all() and ((points < -0.5 * size) | (points > 1.5 * size)).any():
        return f"points: they lie far beside the photo of {size[0]:g} x {size[1]:g} pixels"
    return ""


def boxes_around(points: np.ndarray) -> np.ndarray:
    """Boxes (N,4) around points (N,2,2) where nobody drew boxes: six tenths of their distance of room on every side."""
    room = 0.6 * np.linalg.norm(points[:, 0] - points[:, 1], axis=1)[:, None]
    low, high = points.min(axis=1) - room + 0.5, points.max(axis=1) + room + 0.5
    return np.concatenate([low, high - low], axis=1)


def overlap(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Intersection over union (N,) of boxes (N,4); NaN where one of them is not known.

    Example:
        >>> overlap(np.array([[0.0, 0, 2, 2]]), np.array([[1.0, 0, 2, 2]])).round(3)
        array([0.333])
    """
    low, high = np.maximum(one[:, :2], other[:, :2]), np.minimum(one[:, :2] + one[:, 2:], other[:, :2] + other[:, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    union = np.prod(one[:, 2:], axis=1) + np.prod(other[:, 2:], axis=1) - shared
    return np.asarray(shared / np.where(union > 0, union, np.nan))
