"""The product's own table of points to DeepLabCut's CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from injerto.errors import TableError
from injerto.places.address import Address, place_of
from injerto.table.keypoints.deeplabcut_header import COORDS, LINES
from injerto.table.keypoints.layout import INDIVIDUAL, PHOTO, left_out
from injerto.table.keypoints.photos import moved, photo_paths
from injerto.table.keypoints.points import Points
from injerto.whole_file import write_whole

_PATH_PARTS = 3
"""Of a photo in a DeepLabCut project: labeled-data, the folder of its video, its name."""


def write_deeplabcut(
    frame: pl.DataFrame,
    path: str | Path,
    *,
    scorer: str = "injerto",
    photo: str = PHOTO,
    points: Sequence[str] | None = None,
    folder: str | Path | Address | None = None,
) -> tuple[str, ...]:
    """Write the points of a frame as DeepLabCut does, and say what of the frame found no place there.

    `photo` names the column of photos, `points` the points (all, unless given), `folder` where relative photos start (the
    folder of `path`, unless given). With a column individual, the individuals of a photo share a line. NAME_confidence become
    likelihoods. Paths of three parts, as labeled-data/video/photo.png, stand in three columns, all others in one.

    *Raises* TableError when the frame holds no points or no paths, or two rows share a photo (and an individual); OutputError
    when the file cannot be written.
    """
    path = Path(path)
    found = Points.of(frame, points)
    paths = moved(photo_paths(frame, photo), path.parent if folder is None else place_of(folder), path.parent)
    individuals = _individuals(frame)
    rows = _rows(paths, individuals)
    names = list(dict.fromkeys(individuals))
    has_individuals = INDIVIDUAL in frame.columns
    coords = COORDS if found.confidence is not None else COORDS[:2]
    keys = [(scorer, one, point, coord) for one in names for point in found.names for coord in coords]
    parts = [one.split("/") for one in dict.fromkeys(paths)]
    index = _PATH_PARTS if all(len(part) == _PATH_PARTS and all(part) and part[0] != ".." for part in parts) else 1
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    for level, line in enumerate(LINES):
        if line != "individuals" or has_individuals:
            lines.writerow([line, *[""] * (index - 1), *(key[level] for key in keys)])
    for one, part in zip(dict.fromkeys(paths), parts, strict=True):
        cells = [cell for name in names for cell in _cells(found, rows.get((one, name)), len(coords))]
        lines.writerow([*(part if index > 1 else [one]), *cells])
    write_whole(path, lambda file: file.write(text.getvalue().encode()))
    unsaid = (
        [] if found.visible is None else ["Not written, as DeepLabCut has no place for it: what the columns NAME_visible say."]
    )
    return tuple([*left_out(frame.columns, {photo, INDIVIDUAL, *found.read}, "DeepLabCut"), *unsaid])


def _individuals(frame: pl.DataFrame) -> list[str]:
    if INDIVIDUAL not in frame.columns:
        return [""] * frame.height
    names = frame[INDIVIDUAL].cast(pl.String).to_list()
    if None in names:
        raise TableError(f"Column '{INDIVIDUAL}' is empty in row {names.index(None)} (rows from 0). Name each individual.")
    return names


def _rows(paths: list[str], individuals: list[str]) -> dict[tuple[str, str], int]:
    """The row of each photo and individual."""
    found: dict[tuple[str, str], int] = {}
    for row, key in enumerate(zip(paths, individuals, strict=True)):
        if key in found:
            what = f"individual '{key[1]}' on the photo {key[0]}" if key[1] else f"photo {key[0]}"
            raise TableError(
                f"Rows {found[key]} and {row} (from 0) are both about the {what}; DeepLabCut has one place for it. Name the "
                f"animals of a photo in a column '{INDIVIDUAL}', as 1, 2, ..."
            )
        found[key] = row
    return found


def _cells(points: Points, row: int | None, width: int) -> list[str]:
    """The numbers of an individual, empty where nothing is known."""
    if row is None:
        return [""] * (width * len(points.names))
    table = [points.xy_pixels[row]]
    if points.confidence is not None:
        table.append(points.confidence[row][:, None])
    return ["" if np.isnan(cell) else repr(cell) for cell in np.concatenate(table, axis=1).ravel().tolist()]
