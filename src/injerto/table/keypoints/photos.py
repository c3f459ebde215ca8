"""The photos of a frame on their way into a file of annotations: their paths, counted from that file."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from injerto.errors import TableError, did_you_mean
from injerto.places.address import Address, Place, joined


def photo_paths(frame: pl.DataFrame, photo: str) -> list[str]:
    """The paths in the column `photo`. *Raises* TableError when there is no such column, or a cell holds no path."""
    if photo not in frame.columns:
        near = did_you_mean(photo, frame.columns)
        raise TableError(f"The table has no column '{photo}' of photos.{near} Its columns: {', '.join(frame.columns[:20])}.")
    if frame.height == 0:
        raise TableError("The table has no rows to write.")
    series = frame[photo]
    if series.dtype != pl.String:
        raise TableError(
            f"Column '{photo}' must hold paths of photos; it holds {series.dtype}. Save the photos as files first."
        )
    paths = series.to_list()
    empty = next((row for row, path in enumerate(paths) if path is None or not path.strip()), None)
    if empty is not None:
        raise TableError(f"Column '{photo}' is empty in row {empty} (rows from 0): points need a photo to lie on.")
    return paths


def moved(paths: list[str], folder: Place, to: Path) -> list[str]:
    """Paths from `folder` as paths from the folder `to`; in a store, whole addresses; the same where the two are one."""
    if isinstance(folder, Path) and folder.resolve() == to.resolve():
        return paths
    return [_moved(joined(folder, path), path, to) for path in paths]


def _moved(place: Place, path: str, to: Path) -> str:
    if isinstance(place, Address):
        return str(place)
    return path if os.path.isabs(path) else Path(os.path.relpath(place.resolve(), to.resolve())).as_posix()
