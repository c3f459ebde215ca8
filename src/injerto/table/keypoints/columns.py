"""Which columns of a table are points: NAME_x and NAME_y, and beside them NAME_visible and what networks add.

A box is no point: box_x and box_y beside box_width and box_height are its corner. All who look for points look here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from injerto.table.keypoints.layout import BOX

_X_AND_Y = {"_x": "_y", "_X": "_Y"}
_VISIBLE = {"_x": ("_visible",), "_X": ("_VISIBLE", "_Visible", "_visible")}
_CONFIDENCE = "_confidence"
_OF_A_NETWORK = (_CONFIDENCE, "_radius", "_in_picture")
"""How columns end that a network fills, and no person."""


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

    @property
    def confidence(self) -> str:
        """The column in which a network says how sure it is, if there is one."""
        return self.name + _CONFIDENCE


@dataclass(frozen=True)
class Half:
    """A column of coordinates whose other coordinate is not in the table."""

    column: str
    missing: str
    """The column that would make it a point."""


@dataclass(frozen=True)
class PointColumns:
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


def points_in(columns: Sequence[str]) -> PointColumns:
    """Every pair NAME_x and NAME_y, or NAME_X and NAME_Y, with its NAME_visible; and what has only one of the two.

    Example:
        >>> found = points_in(["photo", "nose_x", "nose_y", "tail_y"])
        >>> found.names, found.columns, found.halves
        (('nose',), ('nose_x', 'nose_y'), (Half(column='tail_y', missing='tail_x'),))
        >>> points_in(["box_x", "box_y", "box_width", "box_height"]).names
        ()
    """
    there = set(columns)
    points: dict[str, Point] = {}
    halves: list[Half] = []
    repeated: list[str] = []
    seen: set[str] = set(box_in(columns))
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
    return PointColumns(tuple(points.values()), tuple(halves), tuple(repeated))


def points_named(names: Sequence[str], columns: Sequence[str]) -> PointColumns:
    """Those of the points called `names` that `columns` hold, in the order of `names`."""
    there = {point.name: point for point in points_in(columns).points}
    return PointColumns(tuple(there[name] for name in names if name in there))


def box_in(columns: Collection[str]) -> list[str]:
    """The columns of the box around the subject, all four of them or none."""
    return list(BOX) if set(BOX) <= set(columns) else []


def network_columns(points: Sequence[str], columns: Collection[str]) -> list[str]:
    """The columns in which a network says how sure it is of `points`, or where else it thinks they may be."""
    asked = [name + end for name in points for end in _OF_A_NETWORK]
    return [column for column in asked if column in columns]
