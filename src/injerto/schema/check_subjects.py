"""Problems of photos that stand in several rows: a model of points finds each of them once on a photo."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from injerto.schema.facts import known
from injerto.schema.guess import counted
from injerto.schema.point_labels import PointLabels
from injerto.schema.problems import Problem
from injerto.table.column import Column

APART_UNIT = 0.2
"""Places of one point on one photo that are farther apart than this share of the spread of all places: two subjects, not two
hands."""


def check_subjects(labels: PointLabels, photos: Column) -> Iterator[Problem]:
    """A warning when the same photo has points (N,K) at places far apart in different rows."""
    if photos.values.dtype != pl.String or not labels.placed.any():
        return
    xy = np.concatenate([labels.x_pixels, labels.y_pixels], axis=1)
    spread = np.nanmax(xy) - np.nanmin(xy)
    names = [str(place) for place in range(xy.shape[1])]
    frame = pl.DataFrame(xy, schema=names).fill_nan(None).with_columns(photo=known(photos.values)).with_row_index("row")
    shared = frame.filter(pl.col("photo").is_not_null() & pl.col("photo").is_duplicated())
    reach = [(pl.col(name).max() - pl.col(name).min()).alias(name) for name in names]
    groups = shared.group_by("photo", maintain_order=True).agg(*reach, pl.col("row"))
    torn = groups.filter(pl.max_horizontal(names) > APART_UNIT * spread)
    if len(torn):
        rows = " and ".join(str(int(photos.rows[row])) for row in torn["row"][0][:2])
        yield Problem(
            "warning",
            photos.name,
            f"Points: {counted(len(torn), 'photo stands', 'photos stand')} in more than one row, with points far apart, as "
            f"'{torn['photo'][0]}' in rows {rows}. Are they several animals on one photo? Each point is found once on a photo: "
            "give each row a box (box_x, box_y, box_width, box_height in pixels) to look in, or keep one row a photo.",
        )
