"""The first stage: the box around the head on a whole photo, learned as the middles of its four sides.

A box stands upright however the animal lies, so photos are mirrored and never turned while it is learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from injerto.features.resolution import resolution_for
from injerto.model import Model
from injerto.progress import Progress
from injerto.recipes.marks import overlap
from injerto.schema.infer_points import MULTIPLIERS, TARGET
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.column import Column
from injerto.table.framing import Framing, framing_of, turned, turned_back
from injerto.table.keypoints.layout import IN_PICTURE_FROM
from injerto.table.table import Table

SIDES = ("left", "top", "right", "bottom")
"""The points that stand for a box: the middles of its sides, in the photo turned upright."""
RESOLUTION = 224
"""Pixels a side that the locator sees: a head that takes a sixth of the photo's width is nine cells of the map long."""
ANYWHERE_SHARE = 2.0
"""Sides of a box that may be off by so many times its length are anywhere."""
REASON = "the middles of the four sides of the box around the head"


@dataclass(frozen=True)
class Located:
    """Boxes that were found on N photos."""

    box: np.ndarray
    """(N,4): left, top, width, height in pixels as stored; NaN where the photo could not be read."""
    there: np.ndarray
    """(N,): the chance that a head is in the picture."""
    radius_share: np.ndarray
    """(N,): how far off its sides may be in nine of ten cases, in shares of the box's longer side."""
    problem: list[str]
    """Why a photo has no box, empty where it has one."""


def side_columns() -> list[str]:
    """The columns in which the sides of boxes are taught."""
    return [f"{side}_{axis}" for side in SIDES for axis in "xy"]


def sides_of(box: np.ndarray, framing: Framing) -> np.ndarray:
    """The middles (N,4,2) of the sides of boxes (N,4), in pixels of photos as stored; NaN for a photo that cannot be read."""
    low, high = box[:, :2] - 0.5, box[:, :2] + box[:, 2:] - 0.5
    corners = turned(np.stack([low, high], axis=1), framing.sizes, framing.orientation)
    low, high = corners.min(axis=1), corners.max(axis=1)
    middle = (low + high) / 2
    x = np.stack([low[:, 0], middle[:, 0], high[:, 0], middle[:, 0]], axis=1)
    y = np.stack([middle[:, 1], low[:, 1], middle[:, 1], high[:, 1]], axis=1)
    return turned_back(np.stack([x, y], axis=2), framing.sizes, framing.orientation)


def box_of_sides(sides: np.ndarray, framing: Framing) -> np.ndarray:
    """Boxes (N,4) as stored of the middles (N,4,2) of their sides: the inverse of `sides_of`. Sides that have changed places
    are put in order.
    """
    upright = turned(sides, framing.sizes, framing.orientation)
    x, y = upright[:, (0, 2), 0], upright[:, (1, 3), 1]
    low, high = (np.stack([pick(x, axis=1), pick(y, axis=1)], axis=1) for pick in (np.min, np.max))
    corners = turned_back(np.stack([low, high], axis=1), framing.sizes, framing.orientation)
    low, high = corners.min(axis=1) + 0.5, corners.max(axis=1) + 0.5
    return np.concatenate([low, high - low], axis=1)


def locator_schema(table: Table, split: str, training: Training) -> Schema:
    """What the locator is declared as, on a table as `locator_table` makes it."""
    photo = table.columns[0]
    target = Target(
        kind="keypoints",
        reason=REASON,
        photo=photo,
        points=list(SIDES),
        mirror=[("left", "right")],
        turn_degrees=0,
    )
    target = target.model_copy(update={"resolution": min(RESOLUTION, resolution_for(table.column(photo)))})
    return Schema(
        targets={TARGET: target},
        inputs={photo: Input(kind="image")},
        split=Split(column=split),
        training=training.model_copy(update={"multipliers": MULTIPLIERS}),
    )


def locator_table(photos: Column, box: np.ndarray, side: pl.Series) -> Table:
    """Photos with the sides of their boxes (N,4), and the part of the split that each stands in, under its name."""
    sides = sides_of(box, framing_of(photos))
    columns = {
        name: pl.Series(name, values).fill_nan(None)
        for name, values in zip(side_columns(), sides.reshape(len(box), 8).T, strict=True)
    }
    frame = pl.DataFrame([photos.values, *columns.values(), side])
    return Table(frame, photos.folder, "locator", photos.rows)


def locate(model: Model, photos: Column, progress: Progress | None = None) -> Located:
    """Ask the locator for the box on every photo."""
    name = model.schema.points
    assert name is not None
    asked = Table(pl.DataFrame([photos.values.alias(str(name[1].photo))]), photos.folder, "photos", photos.rows)
    found = model.predict(asked, progress=progress).frame
    columns = {
        what: np.stack([_numbers(found, f"{side}_{what}") for side in SIDES], axis=1)
        for what in ("x", "y", "radius", "in_picture")
    }
    box = box_of_sides(np.stack([columns["x"], columns["y"]], axis=2), framing_of(photos))
    longer = box[:, 2:].max(axis=1)
    radius = columns["radius"].max(axis=1) / np.where(longer > 0, longer, np.nan)
    problem = [str(reason or "") for reason in found["problem"]]
    return Located(box, columns["in_picture"].mean(axis=1), radius, problem)


def no_head(there: float, radius_share: float) -> bool:
    """Whether there is no head: by the chance that one is in the picture, or as a side of the box may be anywhere.

    Of a network that has seen hardly a photo without a head, the second says it: on made photos of whales the radius is about
    0.1 of the box with a head, 0.3 with two, and from 6 on without one, where the chance is told to be 0.85 all the same.
    """
    return not (there >= IN_PICTURE_FROM and radius_share <= ANYWHERE_SHARE)


def locator_scores(found: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Boxes (N,4) found against true ones: the median overlap, and shares of rows from 0.5 and 0.75 on."""
    shared = overlap(found, true)
    shared = np.where(
        np.isfinite(true).all(axis=1) & np.isnan(shared), 0.0, shared
    )  # a box that was not found overlaps nothing
    shared = shared[np.isfinite(shared)]
    if not len(shared):
        return {"rows": 0}
    return {
        "rows": len(shared),
        "iou_median": round(float(np.median(shared)), 4),
        "iou_from_0.5": round(float((shared >= 0.5).mean()), 4),
        "iou_from_0.75": round(float((shared >= 0.75).mean()), 4),
    }


def _numbers(frame: pl.DataFrame, name: str) -> np.ndarray:
    return np.array(frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)
