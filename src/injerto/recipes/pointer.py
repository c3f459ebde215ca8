"""The second stage: two points in the square around the head's box, at whatever angle the animal lies.

Each head is looked at twice, as it is and turned by half, and the two answers are averaged. Where they take one end for the
other, nothing is averaged and the row says so: it is the one large error that a network makes of two points at any angle.
Then it is looked at again, in the box that follows from the points found so far (see `second_look.py`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import torch
from PIL import Image

from injerto.errors import MediaError
from injerto.features.resolution import resolution_for
from injerto.features.whole_photo import cut
from injerto.model import Model
from injerto.progress import Progress, Silent
from injerto.recipes.second_look import Look, loosened, worth
from injerto.schema.infer_points import MULTIPLIERS, TARGET
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.boxes import boxed_column
from injerto.table.column import Column
from injerto.table.framing import ROOM, square_of, turned_back
from injerto.table.keypoints.layout import BOX
from injerto.table.media import read_pixels
from injerto.table.picture_size import PictureSize, picture_size
from injerto.table.table import Table

RESOLUTION = 128
REASON = "two points in the box around the head"
BATCH = 128
"""Heads that are cut out at a time; a thousand photos' squares would fill a laptop's memory."""


@dataclass(frozen=True)
class Pointed:
    """Points that were found on N photos."""

    points: np.ndarray
    """(N,2,2): x and y of the two points in pixels as stored; NaN where there is no box, or the photo could not be read."""
    confidence: np.ndarray
    """(N,): the chance that both are in the picture and near where they are told to be."""
    exchanged: np.ndarray
    """(N,) bool: the head turned by half was answered the other way round, so which end is which is not sure."""
    again: np.ndarray
    """(N,) bool: the points are those of the second look."""


def pointer_schema(table: Table, points: tuple[str, str], split: str, training: Training) -> Schema:
    """What the pointer is declared as, on a table as `pointer_table` makes it."""
    photo = table.columns[0]
    target = Target(kind="keypoints", reason=REASON, photo=photo, box=list(BOX), points=list(points))
    target = target.model_copy(update={"resolution": min(RESOLUTION, resolution_for(boxed_column(table, photo, target.box)))})
    return Schema(
        targets={TARGET: target},
        inputs={photo: Input(kind="image")},
        split=Split(column=split),
        training=training.model_copy(update={"multipliers": MULTIPLIERS}),
    )


def pointer_table(photos: Column, box: np.ndarray, points: np.ndarray, names: tuple[str, str], side: pl.Series) -> Table:
    """Photos with boxes (N,4) and points (N,2,2), and the part of the split that each row stands in, under its name.

    Rows to train with come twice, the second time in a box that is off.
    """
    again = np.flatnonzero((side == "train").to_numpy())
    rows = np.concatenate([np.arange(len(box)), again])
    photos, points, side = photos.take(rows), points[rows], side.gather(rows)
    box = np.concatenate([box, loosened(box[again])])
    columns = [pl.Series(name, values).fill_nan(None) for name, values in zip(BOX, box.T, strict=True)]
    for point, name in enumerate(names):
        columns += [pl.Series(f"{name}_{axis}", points[:, point, index]).fill_nan(None) for index, axis in enumerate("xy")]
    return Table(pl.DataFrame([photos.values, *columns, side]), photos.folder, "pointer", photos.rows)


def point(model: Model, photos: Column, box: np.ndarray, look: Look | None = None, progress: Progress | None = None) -> Pointed:
    """Ask the pointer for the two points in the boxes (N,4) of photos, then, with a `look`, again in those that follow."""
    found = _looked(model, photos, box, progress or Silent())
    if look is None:
        return found
    second = look.boxes(found.points)
    rows = np.flatnonzero(worth(second, box))
    nearer = _looked(model, photos.take(rows), second[rows], progress or Silent())
    # A second box may lie beside the photo, where there is nothing to be found.
    better = np.isfinite(nearer.points).all(axis=(1, 2))
    kept = rows[better]
    found.points[kept], found.confidence[kept] = nearer.points[better], nearer.confidence[better]
    found.exchanged[kept], found.again[kept] = nearer.exchanged[better], True
    return found


def _looked(model: Model, photos: Column, box: np.ndarray, progress: Progress) -> Pointed:
    """One look at each."""
    declared = model.schema.points
    assert declared is not None
    names, photo = declared[1].points, str(declared[1].photo)
    count = len(photos)
    exchanged, again = np.zeros((2, count), dtype=bool)
    found = Pointed(np.full((count, 2, 2), np.nan), np.full(count, np.nan), exchanged, again)
    rows = np.flatnonzero(np.isfinite(box).all(axis=1) & (box[:, 2:] > 0).all(axis=1))
    with progress.step("finding points", len(rows)) as bar:
        for start in range(0, len(rows), BATCH):
            part = [square for square in (_square(photos, int(row), box[row]) for row in rows[start : start + BATCH]) if square]
            if part:
                _ask(model, photo, names, part, found)
            bar.advance(len(rows[start : start + BATCH]))
    return found


@dataclass(frozen=True)
class _Square:
    row: int
    pixels: np.ndarray
    """(side,side,3), upright."""
    corner: tuple[int, int]
    size: PictureSize


def _square(photos: Column, row: int, box: np.ndarray) -> _Square | None:
    """The square that the pointer looks at; None for a photo that cannot be read."""
    cell = photos.cell(row)
    try:
        size = picture_size(cell, photos.folder)
        pixels = torch.from_numpy(read_pixels(cell, photos.folder))
    except MediaError:
        return None
    left, top, side = square_of(size, (float(box[0]), float(box[1]), float(box[2]), float(box[3])))
    return _Square(row, cut(pixels, left, top, side).numpy(), (left, top), size)


def _ask(model: Model, photo: str, names: list[str], squares: list[_Square], found: Pointed) -> None:
    """Both views of every square, brought back to the photo as stored."""
    views: list[dict[str, Any]] = []
    for square in squares:
        side = len(square.pixels)
        # The box of which this square is the surroundings; a hair less, so that rounding does not move the square by a pixel.
        inner, edge = side / ROOM, (side - side / ROOM) / 2 - 1e-6
        for pixels in (square.pixels, square.pixels[::-1, ::-1]):
            views.append({photo: _png(pixels)} | dict(zip(BOX, (edge, edge, inner, inner), strict=True)))
    answers = model.predict(pl.DataFrame(views)).frame
    xy = np.stack([answers.select(f"{name}_x", f"{name}_y").to_numpy() for name in names], axis=1).astype(np.float64)
    sure = np.stack([answers[f"{name}_confidence"].cast(pl.Float64).to_numpy() for name in names], axis=1)
    sides = np.array([len(square.pixels) for square in squares])[:, None, None]
    one, other = xy[0::2], sides - 1 - xy[1::2]
    exchanged = np.linalg.norm(one - other[:, ::-1], axis=2).sum(axis=1) < np.linalg.norm(one - other, axis=2).sum(axis=1)
    both = np.where(exchanged[:, None, None], one, (one + other) / 2)
    confidence = np.minimum(sure[0::2].min(axis=1), sure[1::2].min(axis=1))
    for index, square in enumerate(squares):
        upright = both[index][None] + np.array(square.corner)
        stored = np.array([[square.size.width, square.size.height]], dtype=np.float64)
        found.points[square.row] = turned_back(upright, stored, np.array([square.size.orientation]))[0]
        found.confidence[square.row], found.exchanged[square.row] = confidence[index], exchanged[index]


def _png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def exchanged(found: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """Rows (N,) bool whose marked points (N,2,2) look exchanged: each was found near the other one's place, far from its own.

    Near is a quarter, far is half of the distance between the two.
    """
    length = np.linalg.norm(marked[:, 0] - marked[:, 1], axis=1)
    own = np.linalg.norm(found - marked, axis=2).mean(axis=1)
    other = np.linalg.norm(found[:, ::-1] - marked, axis=2).mean(axis=1)
    return np.asarray((own > 0.5 * length) & (other < 0.25 * length))


def pointer_scores(found: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Points (N,2,2) found against true ones, in shares of the distance between the true two: the median of the rows' mean
    error, the shares of rows within 5 and 10 %, and of those that have taken one end for the other.
    """
    known = np.isfinite(true).all(axis=(1, 2))
    found, true = found[known], true[known]
    if not len(true):
        return {"rows": 0}
    length = np.linalg.norm(true[:, 0] - true[:, 1], axis=1)
    errors = np.nan_to_num(
        np.linalg.norm(found - true, axis=2).mean(axis=1) / length, nan=np.inf
    )  # not found is as far as can be
    median = float(np.median(errors))
    # Where most points were not found there is no middle error, and JSON has no word for infinity.
    middle = {"error_median": round(median, 4)} if np.isfinite(median) else {}
    return {
        "rows": len(errors),
        **middle,
        "within_0.05": round(float((errors <= 0.05).mean()), 4),
        "within_0.10": round(float((errors <= 0.10).mean()), 4),
        "exchanged": round(float(exchanged(found, true).mean()), 4),
    }
