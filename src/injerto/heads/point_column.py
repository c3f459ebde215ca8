"""The columns of points, and the square around each photo, as one column: what labels of a row are reckoned with."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import polars as pl

from injerto.schema.point_labels import is_graded, point_labels
from injerto.schema.schema import Target
from injerto.table.boxes import boxed_column
from injerto.table.column import Column
from injerto.table.framing import Framing, framing_of
from injerto.table.keypoints.columns import points_named
from injerto.table.table import Table


def point_column(name: str, table: Table, target: Target, *, graded: bool | None) -> Column:
    """A struct a row: x, y and state of the K points of `target` in pixels as stored, NaN where unknown, and the square.

    `graded` says how visibility is told where the training rows settled that. Reads the headers of the photos.
    """
    photos = boxed_column(table, str(target.photo), target.box)
    found = points_named(target.points, table.columns)
    labels = point_labels(table.frame, found, graded=is_graded(table.frame, found) if graded is None else graded)
    places = [target.points.index(point) for point in found.names]
    whole = {key: np.full((len(table), len(target.points)), np.nan) for key in ("x", "y", "state")}
    for key, values in (("x", labels.x_pixels), ("y", labels.y_pixels), ("state", labels.state)):
        whole[key][:, places] = values
    series = [pl.Series(key, values) for key, values in (whole | vars(framing_of(photos))).items()]
    struct = pl.DataFrame([*series, pl.Series("graded", [labels.graded] * len(table))]).to_struct()
    return Column(name, struct, photos.folder, photos.rows)


def framing_in(column: Column) -> Framing:
    """The squares around the photos of a point column."""
    parts = column.values.struct
    return Framing(*(parts.field(part.name).to_numpy(writable=True) for part in fields(Framing)))


def pixels_in(column: Column) -> tuple[np.ndarray, np.ndarray]:
    """Places (N,K,2) in pixels as stored, and states (N,K), of a point column."""
    x, y, state = (column.values.struct.field(key).to_numpy() for key in ("x", "y", "state"))
    return np.stack([x, y], axis=2), np.array(state)


def inside(xy_pixels: np.ndarray, framing: Framing) -> np.ndarray:
    """1.0 where a point (N,K) lies on its photo, 0.0 where it does not."""
    edges = framing.sizes[:, None] - 0.5
    return np.asarray(((xy_pixels >= -0.5) & (xy_pixels <= edges)).all(axis=2), dtype=np.float64)
