"""A column of photos with the columns of a box beside it: cells that are a part of a photo, one animal of several."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from injerto.errors import MediaError
from injerto.table.clips import file_parts
from injerto.table.column import Column
from injerto.table.keypoints.layout import BOX
from injerto.table.table import Table


def boxed_column(table: Table, name: str, box: Sequence[str]) -> Column:
    """The column `name` of photos; with the columns of a `box`, cells `{path or bytes, box_x, ...}`, null without a photo.

    *Raises* ColumnError when one of the columns is not in the table.
    """
    photos = table.column(name)
    if not box:
        return photos
    sides = [table.column(of).values.cast(pl.Float64, strict=False).alias(field) for field, of in zip(BOX, box, strict=True)]
    cells = pl.DataFrame([photos.values.alias("file"), *sides])
    cell = pl.struct(*file_parts(photos.values.dtype), *BOX)
    values = cells.select(pl.when(pl.col("file").is_not_null()).then(cell).alias(name))[name]
    return Column(name, values, photos.folder, photos.rows)


def box_of(cell: object) -> tuple[float, float, float, float] | None:
    """Left, top, width and height of a cell that is a part of a photo; None for a whole one.

    *Raises* MediaError for a box without width or height, and for one of which only a part is filled in.
    """
    if not isinstance(cell, dict) or all(cell.get(field) is None for field in BOX):
        return None
    left, top, width, height = (math.nan if cell.get(field) is None else float(cell[field]) for field in BOX)
    if not all(math.isfinite(value) for value in (left, top, width, height)):
        raise MediaError(f"box: not all of its four numbers are known: {left:g}, {top:g}, {width:g}, {height:g}")
    if width <= 0 or height <= 0:
        raise MediaError(f"box: it is {width:g} pixels wide and {height:g} high")
    return left, top, width, height
