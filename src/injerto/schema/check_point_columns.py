"""Problems of columns that hold points: a half of a pair, text, places half filled, visibility that is neither yes nor no."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import polars as pl

from injerto.errors import did_you_mean
from injerto.schema.facts import family_of, known
from injerto.schema.guess import counted
from injerto.schema.guess_input import numbers_but_for
from injerto.schema.point_labels import UNREADABLE, coordinates, is_graded, visibility
from injerto.schema.problems import Problem
from injerto.table.column import Column
from injerto.table.keypoints.columns import Point, PointColumns
from injerto.table.table import Table

_SEEN = "yes or no, true or false, 1 or 0, or COCO's 2 (visible), 1 (hidden) and 0 (not labelled)"


def check_point_columns(table: Table, points: PointColumns, *, settled: Collection[str] = ()) -> Iterator[Problem]:
    """All that shows without opening a photo. Columns in `settled` are left out or something else, and need no pair."""
    yield from _halves(table, points, settled)
    for point in points.points:
        for name in (point.x, point.y):
            yield from _numbers(table.column(name), point)
        if point.visible is not None:
            yield from _visible(table.column(point.visible), point)
    yield from _half_filled(table, points)
    yield from _seen_nowhere(table, points)
    if is_graded(table.frame, points):
        yield Problem(
            "note",
            "",
            "Points: visibility is 2 in some cells, so it is read as COCO writes it: 0 not labelled, 1 hidden but placed, "
            "2 visible.",
        )


def _halves(table: Table, points: PointColumns, settled: Collection[str]) -> Iterator[Problem]:
    spare = [name for name in table.columns if name not in points.columns]
    for half in points.halves:
        if half.column not in settled:
            near = did_you_mean(half.missing, [name for name in spare if name != half.column])
            yield Problem(
                "error",
                half.column,
                f"Column '{half.column}' holds one coordinate of a point, but there is no '{half.missing}'.{near} Add "
                f"it, or leave the column out with --drop {half.column}.",
            )
    for name in points.repeated:
        if name not in settled:
            yield Problem(
                "error",
                name,
                f"Column '{name}' belongs to a second point by the name of '{name[:-2]}'. Rename its columns, or leave them "
                f"out with --drop {name}.",
            )


def _numbers(column: Column, point: Point) -> Iterator[Problem]:
    family = family_of(column.values.dtype)
    if family not in ("number", "text"):
        yield Problem(
            "error",
            column.name,
            f"Column '{column.name}' holds cells of type {column.values.dtype}, but is a coordinate of the point "
            f"'{point.name}'. Give pixels as numbers.",
        )
        return
    filled = known(column.values)
    wrong = (filled.is_not_null().to_numpy() & np.isnan(coordinates(column.values))).nonzero()[0]
    if not len(wrong):
        return
    row = int(wrong[0])
    how = numbers_but_for(column) if family == "text" else ""
    if not how:
        such = f"such as '{column.cell(row)}' in row {column.row(row)}"
        how = f"{counted(len(wrong), 'cell')} cannot be read as a finite number, {such}"
    yield Problem(
        "error",
        column.name,
        f"Column '{column.name}' is a coordinate of the point '{point.name}', but: {how}. Correct these cells, or empty them "
        "where the point is not known.",
    )


def _visible(column: Column, point: Point) -> Iterator[Problem]:
    wrong = (visibility(column.values) == UNREADABLE).nonzero()[0]
    if len(wrong):
        row = int(wrong[0])
        yield Problem(
            "error",
            column.name,
            f"Column '{column.name}' says whether the point '{point.name}' is visible, but {counted(len(wrong), 'cell')} "
            f"cannot be read as that, such as '{column.cell(row)}' in row {column.row(row)}. Write {_SEEN}.",
        )


def _half_filled(table: Table, points: PointColumns) -> Iterator[Problem]:
    found = [
        (int(row), point, name)
        for point in points.points
        for name, other in ((point.x, point.y), (point.y, point.x))
        for row in (_filled(table.frame[name]) & ~_filled(table.frame[other])).nonzero()[0]
    ]
    if found:
        row, point, name = min(found, key=lambda one: one[0])
        empty = point.y if name == point.x else point.x
        yield Problem(
            "warning",
            empty,
            f"Points: {counted(len(found), 'place is', 'places are')} half filled, such as '{name}' without '{empty}' in row "
            f"{int(table.rows[row])}. They are taken as unknown.",
        )


def _seen_nowhere(table: Table, points: PointColumns) -> Iterator[Problem]:
    found = []
    for point in points.points:
        if point.visible is not None:
            empty = ~_filled(table.frame[point.x]) & ~_filled(table.frame[point.y])
            found += [(int(row), point) for row in (empty & (visibility(table.frame[point.visible]) > 0)).nonzero()[0]]
    if found:
        row, point = min(found, key=lambda one: one[0])
        yield Problem(
            "warning",
            point.x,
            f"Points: {counted(len(found), 'point is', 'points are')} said to be visible, but without a place, such as "
            f"'{point.name}' in row {int(table.rows[row])}. They are taken as unknown.",
        )


def _filled(cells: pl.Series) -> np.ndarray:
    filled: np.ndarray = known(cells).is_not_null().to_numpy()
    return filled
