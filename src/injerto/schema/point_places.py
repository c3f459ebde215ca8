"""Points against the sizes of their photos: shares of the side instead of pixels, x for y, photos of another size, strays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from injerto.schema.guess import counted
from injerto.schema.point_labels import PointLabels
from injerto.schema.points import KEPT_OUTSIDE_UNIT, unit_of
from injerto.schema.problems import Problem
from injerto.table.keypoints.columns import PointColumns

MANY_SHARE = 0.1
"""Of the known points; so many outside their photos are no slips of a hand."""
_SLACK_PIXELS = 0.5
"""Tools that count from corners give the width itself for the right edge."""
_SMALLEST_SIDE = 2
_ROWS_NAMED = 5
_ALIKE = 1.15
_CROWDED_UNIT = 0.55
_FEWEST_ROWS = 20


def check_point_places(
    labels: PointLabels, points: PointColumns, *, rows: np.ndarray, sizes: np.ndarray | None
) -> Iterator[Problem]:
    """What places (N,K) say beside the widths and heights (N,2); without sizes, only whether they are pixels at all."""
    if not labels.placed.any():
        return
    if _are_shares(labels, sizes):
        row, place = (int(one[0]) for one in labels.placed.nonzero())
        yield Problem(
            "error",
            "",
            f"Points: all coordinates lie between 0 and 1, such as {_at(labels, row, place)} for '{points.names[place]}' in "
            f"row {int(rows[row])}. They seem to be shares of the photo: multiply x by its width and y by its height.",
        )
        return
    if sizes is None:
        return
    xy = np.stack([labels.x_pixels, labels.y_pixels], axis=2)
    measured = labels.placed & np.isfinite(sizes).all(axis=1)[:, None]
    if not measured.any():
        return
    outside = measured & _outside(xy, sizes)
    swapped = int((measured & _outside(xy[:, :, ::-1], sizes)).sum())
    hint = f" With x and y swapped, only {swapped:,} would." if outside.sum() >= 3 and swapped <= outside.sum() / 10 else ""
    if outside.sum() < 3 or outside.sum() <= MANY_SHARE * measured.sum():
        if outside.any():
            yield Problem(
                "warning", "", _strays(labels, points, outside=outside, measured=measured, rows=rows, sizes=sizes) + hint
            )
        else:
            yield from _crowded(xy, measured, sizes)
        return
    what = f"Points: {_of(outside, measured)} lie outside their photos, {_first(labels, points, outside, rows, sizes)}."
    why = f"{hint} Swap the columns of x and y." if hint else _another_size(xy, measured, sizes)
    yield Problem("error", "", f"{what}{why}")


def _are_shares(labels: PointLabels, sizes: np.ndarray | None) -> bool:
    found = np.concatenate([labels.x_pixels[labels.placed], labels.y_pixels[labels.placed]])
    tiny = sizes is not None and bool((sizes <= _SMALLEST_SIDE).any())
    return not tiny and bool(((found >= 0) & (found <= 1)).all() and (found != np.round(found)).any())


def _outside(xy: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Which points (N,K) lie outside; False where anything is NaN."""
    beyond = (xy < -0.5 - _SLACK_PIXELS) | (xy > sizes[:, None] - 0.5 + _SLACK_PIXELS)
    return np.asarray(beyond.any(axis=2))


def _another_size(xy: np.ndarray, measured: np.ndarray, sizes: np.ndarray) -> str:
    reach_x, reach_y = _reach(xy, measured, sizes)
    smaller, larger = sorted((reach_x, reach_y))
    if 1 < larger <= _ALIKE * smaller and np.nanmin(xy) > -1:
        return (
            f" They reach to {larger:.2g} times the width and the height: were they marked on photos about {larger:.2g} times "
            "as large? Use those photos, or divide the coordinates."
        )
    return (
        f" They reach to {reach_x:.2g} times the width and {reach_y:.2g} times the height. Coordinates are pixels of the photo "
        "in the same row, counted from its upper left corner; were they marked on other photos, or on larger ones?"
    )


def _strays(
    labels: PointLabels, points: PointColumns, *, outside: np.ndarray, measured: np.ndarray, rows: np.ndarray, sizes: np.ndarray
) -> str:
    found = rows[outside.any(axis=1)]
    more = f" and {len(found) - _ROWS_NAMED:,} more" if len(found) > _ROWS_NAMED else ""
    noun = "row" if len(found) == 1 else "rows"
    named = f"{noun} {', '.join(str(int(row)) for row in found[:_ROWS_NAMED])}{more}"
    lie = "lies outside its photo" if outside.sum() == 1 else "lie outside their photos"
    return (
        f"Points: {_of(outside, measured)} {lie}, {_first(labels, points, outside, rows, sizes)} "
        f"({named}). Up to {KEPT_OUTSIDE_UNIT:.1%} of the side outside, a place is kept; "
        "farther out, the point is taken as not in the picture."
    )


def _crowded(xy: np.ndarray, measured: np.ndarray, sizes: np.ndarray) -> Iterator[Problem]:
    reach_x, reach_y = _reach(xy, measured, sizes)
    if max(reach_x, reach_y) < _CROWDED_UNIT and measured.any(axis=1).sum() >= _FEWEST_ROWS:
        yield Problem(
            "warning",
            "",
            f"Points: all of them lie in the upper left {reach_x:.0%} of the width and {reach_y:.0%} of the height. Were they "
            "marked on smaller photos than these?",
        )


def _reach(xy: np.ndarray, measured: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """How far the points go, as shares of the width and the height."""
    unit = unit_of(xy, sizes[:, None])[measured]
    return float(unit[:, 0].max()), float(unit[:, 1].max())


def _of(outside: np.ndarray, measured: np.ndarray) -> str:
    return f"{int(outside.sum()):,} of {counted(int(measured.sum()), 'known point')}"


def _first(labels: PointLabels, points: PointColumns, outside: np.ndarray, rows: np.ndarray, sizes: np.ndarray) -> str:
    row, place = (int(one[0]) for one in outside.nonzero())
    size = "{:.0f}x{:.0f}".format(*sizes[row])
    return f"such as '{points.names[place]}' in row {int(rows[row])} at {_at(labels, row, place)} of {size}"


def _at(labels: PointLabels, row: int, place: int) -> str:
    return f"({labels.x_pixels[row, place]:.4g}, {labels.y_pixels[row, place]:.4g})"
