"""Problems of where points are: outside their photos, in other units, x for y, always at one place, never known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from injerto.schema.check_targets import FEW_ROWS
from injerto.schema.guess import counted
from injerto.schema.label_patterns import check_label_patterns
from injerto.schema.mirror import MirrorPairs, swap_index
from injerto.schema.point_labels import PointLabels
from injerto.schema.point_places import check_point_places
from injerto.schema.problems import Problem
from injerto.table.keypoints.columns import PointColumns

NAMED = 5
SAME_SHARE = 2 / 3
_FEWEST_REPEATS = 3
_FEWEST_ROWS = 10
_FILLERS = (0.0, -1.0)
"""Coordinates that stand for an unknown place when both x and y are that."""
_UPRIGHT_SHARE = 0.9
_UPRIGHT_RATIO = 3.0


def check_points(
    labels: PointLabels, points: PointColumns, *, rows: np.ndarray, sizes: np.ndarray | None, pairs: MirrorPairs
) -> Iterator[Problem]:
    """All problems of the labels (N,K) of the rows (N,), numbered as in the table.

    `sizes` (N,2) are widths and heights in pixels of the photos as stored, NaN where one cannot be read; None when no photo was
    opened.
    """
    yield from _never_known(labels, points)
    nothing = ~labels.known.any(axis=1)
    if nothing.any():
        yield Problem(
            "note",
            "",
            f"Points: {counted(int(nothing.sum()), 'row')} of {len(rows):,} without any known point, the first row "
            f"{int(rows[nothing.argmax()])}: nothing is learned from them.",
        )
    places = list(check_point_places(labels, points, rows=rows, sizes=sizes))
    yield from places
    if not any(problem.severity == "error" for problem in places):
        yield from _upright(labels, points, pairs)
    yield from _repeated(labels, points, rows)
    yield from check_label_patterns(labels.known, points.names)


def _never_known(labels: PointLabels, points: PointColumns) -> Iterator[Problem]:
    counts = labels.placed.sum(axis=0)
    for point, count in zip(points.points, counts, strict=True):
        if not count:
            drops = " ".join(f"--drop {column}" for column in point.columns)
            yield Problem(
                "error", point.x, f"Point '{point.name}' has no place in any row. Fill some in, or leave it out with {drops}."
            )
    few = [f"'{point.name}' ({count:,})" for point, count in zip(points.points, counts, strict=True) if 0 < count < FEW_ROWS]
    if few:
        more = f" and {len(few) - NAMED:,} more" if len(few) > NAMED else ""
        which = "every point is" if len(few) == len(points) else f"{counted(len(few), 'point is', 'points are')}"
        yield Problem(
            "warning",
            "",
            f"Points: {which} known in fewer than {FEW_ROWS} rows: {', '.join(few[:NAMED])}{more}. "
            "Their scores will be very uncertain.",
        )


def _upright(labels: PointLabels, points: PointColumns, pairs: MirrorPairs) -> Iterator[Problem]:
    """A warning when left and right partners lie one above the other nearly everywhere."""
    if not pairs.pairs:
        return
    index = np.array(swap_index(points.names, pairs.pairs))
    apart_x, apart_y = (np.abs(axis - axis[:, index]) for axis in (labels.x_pixels, labels.y_pixels))
    across, down = np.nansum(apart_x, axis=1), np.nansum(apart_y, axis=1)
    told = (across > 0) | (down > 0)
    upright = down[told] > _UPRIGHT_RATIO * across[told]
    if told.sum() >= _FEWEST_ROWS and upright.mean() >= _UPRIGHT_SHARE:
        left, right = pairs.pairs[0]
        yield Problem(
            "warning",
            "",
            f"Points: left and right partners such as '{left}' and '{right}' lie one above the other in {upright.mean():.0%} "
            "of the rows. Are x and y swapped? Or are the photos stored on their side? Coordinates are those of the photo as "
            "it is stored, before any turn that its EXIF data ask for.",
        )


def _repeated(labels: PointLabels, points: PointColumns, rows: np.ndarray) -> Iterator[Problem]:
    """Places that return exactly: whole rows, single points, and the (0,0) that cells are filled up with."""
    if not labels.placed.any():
        return
    xy = np.stack([labels.x_pixels, labels.y_pixels], axis=2)
    some = labels.placed.any(axis=1)
    share, first = _commonest(xy[some].reshape(int(some.sum()), -1))
    if some.sum() >= _FEWEST_ROWS and share >= SAME_SHARE:
        row = int(rows[np.flatnonzero(some)[first]])
        yield Problem(
            "warning",
            "",
            f"Points: {share:.0%} of the rows have exactly the same places, such as row {row}. "
            "Were they copied down the table? Places that never change teach nothing.",
        )
        return
    for place, point in enumerate(points.points):
        placed = labels.placed[:, place]
        at = xy[placed, place]
        filler = (at == at[:, :1]).all(axis=1) & np.isin(at[:, 0], _FILLERS)
        if filler.sum() >= _FEWEST_REPEATS:
            row = placed.nonzero()[0][filler.argmax()]
            yield Problem(
                "warning",
                point.x,
                f"Point '{point.name}' is at ({at[filler.argmax()][0]:g}, {at[filler.argmax()][1]:g}) in "
                f"{counted(int(filler.sum()), 'row')}, such as row {int(rows[row])}. If that means unknown, empty these cells.",
            )
            continue
        share, first = _commonest(at)
        if len(at) >= _FEWEST_ROWS and share >= SAME_SHARE:
            where = "every row" if share == 1 else f"{share:.0%} of its rows"
            yield Problem(
                "warning",
                point.x,
                f"Point '{point.name}' is at exactly ({at[first][0]:g}, {at[first][1]:g}) in {where}: there is nothing to "
                "learn. Correct or empty these cells.",
            )


def _commonest(values: np.ndarray) -> tuple[float, int]:
    """The share of the commonest row of (N,D) and its first index."""
    if not len(values):
        return 0.0, 0
    _, first, counts = np.unique(values, axis=0, return_index=True, return_counts=True, equal_nan=True)
    commonest = int(counts.argmax())
    return float(counts[commonest] / len(values)), int(first[commonest])
