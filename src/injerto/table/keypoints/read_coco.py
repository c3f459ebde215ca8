"""COCO's keypoints to the product's own table of points: one row an annotation.

*Source*: the COCO data format, https://cocodataset.org/#format-data. An annotation's keypoints are x1, y1, v1, x2, ...; v is 0
for not labelled, 1 for labelled but hidden, 2 for visible. Places are indices of pixels from 0 and are taken as they are.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from injerto.errors import TableError
from injerto.places.address import Place
from injerto.table.content import Content
from injerto.table.delimited import refuse_duplicates
from injerto.table.keypoints.coco_parts import Category, categories_of, id_of, part, photos_of
from injerto.table.keypoints.layout import BOX, CATEGORY, PHOTO, SCORE
from injerto.table.keypoints.photo_folder import with_folder
from injerto.table.keypoints.points import Points

AROUND_POINTS = "bbox_is_around_keypoints"
"""Says of an annotation that its box holds nothing that its points do not say; other programs pass over it."""
POINT_SCORES = "keypoint_scores"

_HIDDEN, _VISIBLE = 1, 2
_MOST_NAMED = 5


def read_coco(data: dict[str, Any], path: Place) -> Content:
    """The rows of a file in COCO's layout; what is left out is counted in the notes, with reasons.

    *Raises* TableError when a part is missing, ids or names are ambiguous, or no annotation can be used.
    """
    file = str(path)
    photos = photos_of(part(data, "images", file), file)
    categories = categories_of(part(data, "categories", file), file)
    annotations = part(data, "annotations", file)
    notes: list[str] = []
    used = _usable(annotations, photos, categories, file, notes)
    names = tuple(dict.fromkeys(name for category in categories.values() for name in category.points))
    points = _points(used, categories, names, notes)
    columns = [pl.Series(PHOTO, [photos[id_of(one["image_id"]) or ""] for one in used])]
    paths, found = with_folder(columns[0].to_list(), path)
    columns[0] = pl.Series(PHOTO, paths)
    if len({category.name for category in categories.values() if category.points}) > 1:
        columns.append(pl.Series(CATEGORY, [categories[id_of(one["category_id"]) or ""].name for one in used]))
    columns += [*_boxes(used, notes), *points.series(), *_scores(used, points)]
    refuse_duplicates([column.name for column in columns], file)
    bare = len(photos.keys() - {id_of(one.get("image_id")) for one in annotations})
    if bare:
        notes.append(f"{bare} of {len(photos)} images have no annotation, and give no row.")
    return Content(pl.DataFrame(columns), tuple(notes + found))


def _usable(
    annotations: list[dict[str, Any]], photos: dict[str, str], categories: dict[str, Category], file: str, notes: list[str]
) -> list[dict[str, Any]]:
    """The annotations that become rows."""
    used, slips, pointless, crowds = [], [], 0, 0
    for place, one in enumerate(annotations):
        if one.get("iscrowd") == 1:
            crowds += 1
        elif (slip := _slip(one, photos, categories)) is not None:
            slips.append(f"annotations[{place}] (id {one.get('id')}): {slip}")
        elif not one.get("keypoints"):
            pointless += 1
        else:
            used.append(one)
    if crowds:
        notes.append(f"{crowds} of {len(annotations)} annotations left out: they mark crowds (iscrowd 1).")
    if pointless:
        notes.append(f"{pointless} of {len(annotations)} annotations left out: they have no keypoints.")
    if slips:
        more = f"; and {len(slips) - _MOST_NAMED} more" if len(slips) > _MOST_NAMED else ""
        notes.append(f"{len(slips)} of {len(annotations)} annotations left out: {'; '.join(slips[:_MOST_NAMED])}{more}.")
    if not used:
        raise TableError(f"The COCO file {file} has no annotation with keypoints that can be used. {' '.join(notes)}")
    ids = [key for key in (id_of(one.get("id")) for one in used) if key is not None]
    if len(set(ids)) < len(ids):
        notes.append(f"{len(ids) - len(set(ids))} of {len(ids)} annotations with the id of an earlier one; all are rows.")
    return used


def _slip(one: dict[str, Any], photos: dict[str, str], categories: dict[str, Category]) -> str | None:
    """Why an annotation cannot be used."""
    image, category = id_of(one.get("image_id")), id_of(one.get("category_id"))
    if image not in photos:
        return f"no image has its image_id {one.get('image_id')!r}"
    if category is None or category not in categories:
        return f"no category has its category_id {one.get('category_id')!r}"
    values, count = one.get("keypoints"), len(categories[category].points)
    if not values:
        return None
    if not isinstance(values, list) or len(values) != 3 * count:
        found = f"{len(values)} numbers" if isinstance(values, list) else "no list"
        return f"its keypoints are {found}, expected {3 * count}: x, y and v for each of {count} points"
    for place in range(0, len(values), 3):
        x, y, v = values[place : place + 3]
        if type(v) not in (int, float) or v not in (0, 1, 2):
            return f"v of '{categories[category].points[place // 3]}' is {v!r}, expected 0, 1 or 2"
        if not (_is_number(x) and _is_number(y)) and (v or not _may_be_empty(x, y)):
            return f"the place of '{categories[category].points[place // 3]}' is {x!r}, {y!r}, expected two numbers"
    return None


def _may_be_empty(*cells: object) -> bool:
    """Whether these may stand where nothing is labelled: null, NaN, or numbers."""
    return all(cell is None or type(cell) in (int, float) for cell in cells)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _points(used: list[dict[str, Any]], categories: dict[str, Category], names: tuple[str, ...], notes: list[str]) -> Points:
    """All points of all categories; those that a category lacks are unknown in its rows."""
    places = {name: place for place, name in enumerate(names)}
    orders = {key: np.array([places[name] for name in one.points], dtype=np.int64) for key, one in categories.items()}
    xyv = np.zeros((len(used), len(names), 3))
    scores = np.full((len(used), len(names)), np.nan)
    damaged = 0
    for row, one in enumerate(used):
        order = orders[id_of(one["category_id"]) or ""]
        # What is not labelled may hold anything; null becomes NaN.
        xyv[row, order] = np.array(one["keypoints"], dtype=np.float64).reshape(-1, 3)
        found = one.get(POINT_SCORES)
        if found is None:
            continue
        if isinstance(found, list) and len(found) == len(order) and all(cell is None or _is_number(cell) for cell in found):
            scores[row, order] = np.array(found, dtype=np.float64)
        else:
            damaged += 1
    v = xyv[:, :, 2]
    placed = int(((v == 0) & (np.nan_to_num(xyv[:, :, :2]) != 0).any(axis=2)).sum())
    if placed:
        notes.append(f"{placed} of {v.size} points with a place but v 0 (not labelled) were taken as unknown.")
    if damaged:
        notes.append(
            f"{damaged} of {len(used)} annotations with {POINT_SCORES} that are not a number a point; they were left out."
        )
    visible = np.where(v == 0, np.nan, v == _VISIBLE) if (v == _HIDDEN).any() else None
    xy_pixels = np.where(v[:, :, None] == 0, np.nan, xyv[:, :, :2])
    return Points(names, xy_pixels, visible, None if np.isnan(scores).all() else scores)


def _boxes(used: list[dict[str, Any]], notes: list[str]) -> list[pl.Series]:
    """Boxes as they are in the file, or nothing when there are none but those around the points."""
    boxes = np.full((len(used), 4), np.nan)
    damaged = 0
    for row, one in enumerate(used):
        box = one.get("bbox")
        if not box or one.get(AROUND_POINTS) is True:
            continue
        if isinstance(box, list) and len(box) == 4 and all(_is_number(cell) for cell in box):
            boxes[row] = box
        else:
            damaged += 1
    if damaged:
        notes.append(f"{damaged} of {len(used)} annotations with a box that is not four numbers; it was left empty.")
    if np.isnan(boxes).all():
        return []
    return [pl.Series(name, boxes[:, place].copy()).fill_nan(None) for place, name in enumerate(BOX)]


def _scores(used: list[dict[str, Any]], points: Points) -> list[pl.Series]:
    """The score of each annotation, unless its points carry their own."""
    scores = [float(one["score"]) if _is_number(one.get("score")) else None for one in used]
    if points.confidence is not None or all(score is None for score in scores):
        return []
    return [pl.Series(SCORE, scores, dtype=pl.Float64)]
