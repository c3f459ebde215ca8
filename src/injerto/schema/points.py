"""Points on photos as columns of a table: `nose_x`, `nose_y`, and where the table says so, `nose_visible`.

One convention, everywhere: coordinates are pixels of the photo as it is stored, before any turn its EXIF data ask for, and
(0,0) is the CENTRE of the upper left pixel. So a photo of width W covers x from -0.5 to W - 0.5, a mirrored point lies at
W - 1 - x, and the same place as a share of the width is u = (x + 0.5) / W, from 0 to 1; so it is for y and the height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

KEPT_OUTSIDE_UNIT = 0.125
"""A point up to this share of the side outside its photo keeps its place; one farther out is taken as not in the picture."""
_X_AND_Y = {"_x": "_y", "_X": "_Y"}
_VISIBLE = {"_x": ("_visible",), "_X": ("_VISIBLE", "_Visible", "_visible")}


@dataclass(frozen=True)
class Point:
    """One point's name and the columns that hold it."""

    name: str
    x: str
    y: str
    visible: str | None = None
    """None when no column says whether the point can be seen."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The two or three columns that the point reads."""
        return (self.x, self.y) if self.visible is None else (self.x, self.y, self.visible)


@dataclass(frozen=True)
class Half:
    """A column of coordinates whose other coordinate is not in the table."""

    column: str
    missing: str
    """The column that would make it a point."""


@dataclass(frozen=True)
class Points:
    """All points of a table, in the order of their first columns."""

    points: tuple[Point, ...]
    halves: tuple[Half, ...] = ()
    repeated: tuple[str, ...] = ()
    """Columns of a second pair by the same name, as `nose_X` and `nose_Y` beside `nose_x` and `nose_y`; they are not read."""

    def __len__(self) -> int:
        return len(self.points)

    @property
    def names(self) -> tuple[str, ...]:
        """The points' names, in table order."""
        return tuple(point.name for point in self.points)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a point reads, point by point."""
        return tuple(column for point in self.points for column in point.columns)


def points_in(columns: Sequence[str]) -> Points:
    """Every pair NAME_x and NAME_y, or NAME_X and NAME_Y, with its NAME_visible; and what has only one of the two.

    Example:
        >>> found = points_in(["photo", "nose_x", "nose_y", "tail_y"])
        >>> found.names, found.columns, found.halves
        (('nose',), ('nose_x', 'nose_y'), (Half(column='tail_y', missing='tail_x'),))
    """
    there = set(columns)
    points: dict[str, Point] = {}
    halves: list[Half] = []
    repeated: list[str] = []
    seen: set[str] = set()
    for column in columns:
        for end_x, end_y in _X_AND_Y.items():
            own, other = (end_x, end_y) if column.endswith(end_x) else (end_y, end_x)
            name = column.removesuffix(own)
            if name in ("", column) or column in seen:
                continue
            if name + other not in there:
                halves.append(Half(column, name + other))
                continue
            seen |= {name + end_x, name + end_y}
            if name in points:
                repeated += [name + end_x, name + end_y]
                continue
            visible = next((name + end for end in _VISIBLE[end_x] if name + end in there), None)
            points[name] = Point(name, name + end_x, name + end_y, visible)
    return Points(tuple(points.values()), tuple(halves), tuple(repeated))


def points_named(names: Sequence[str], columns: Sequence[str]) -> Points:
    """Those of the points called `names` that `columns` hold, in the order of `names`."""
    there = {point.name: point for point in points_in(columns).points}
    return Points(tuple(there[name] for name in names if name in there))


def unit_of(pixels: np.ndarray, side: np.ndarray | float) -> np.ndarray:
    """Pixels along a side of so many pixels, as shares of it: -0.5 is 0, side - 0.5 is 1.

    Example:
        >>> unit_of(np.array([-0.5, 0.0, 3.5]), 4)
        array([0.   , 0.125, 1.   ])
    """
    shares: np.ndarray = (pixels + 0.5) / side
    return shares


def pixels_of(unit: np.ndarray, side: np.ndarray | float) -> np.ndarray:
    """Shares of a side of so many pixels, as pixels: the inverse of `unit_of`.

    Example:
        >>> pixels_of(np.array([0.0, 0.125, 1.0]), 4)
        array([-0.5,  0. ,  3.5])
    """
    pixels: np.ndarray = unit * side - 0.5
    return pixels
