"""The product's own table of points to COCO's keypoints: one annotation a row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from injerto.errors import TableError
from injerto.places.address import Address, Place, place_of
from injerto.table.cell_bytes import is_grey_levels
from injerto.table.keypoints.layout import BOX, CATEGORY, PHOTO, SCORE, left_out
from injerto.table.keypoints.photos import moved, photo_paths
from injerto.table.keypoints.points import Points, numbers_of
from injerto.table.keypoints.read_coco import AROUND_POINTS, POINT_SCORES
from injerto.table.picture_size import picture_size
from injerto.whole_file import write_whole

_SUBJECT = "subject"
"""The category of a table that has none."""


def write_coco(
    frame: pl.DataFrame,
    path: str | Path,
    *,
    photo: str = PHOTO,
    points: Sequence[str] | None = None,
    folder: str | Path | Address | None = None,
    sizes: Mapping[str, tuple[int, int]] | None = None,
) -> tuple[str, ...]:
    """Write the points of a frame as COCO keypoints, and say what of the frame found no place there.

    `photo` names the column of photos, `points` the points (all, unless given), `folder` where relative photos start (the
    folder of `path`, unless given); `sizes` holds width and height of photos as stored, those of others are read from their
    files. Columns category, score and box_x, box_y, box_width, box_height are written as such; a row without a box gets the
    smallest that holds the pixels of its points. NAME_confidence go into keypoint_scores, their mean into score.

    *Raises* TableError when the frame holds no points or no paths, MediaError when the size of a photo cannot be read,
    OutputError when the file cannot be written.
    """
    path = Path(path)
    found = Points.of(frame, points)
    cells = photo_paths(frame, photo)
    start = path.parent if folder is None else place_of(folder)
    names = moved(cells, start, path.parent)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}
    first_rows = {name: row for row, name in reversed(list(enumerate(names)))}
    images = [_image(number, name, cells[first_rows[name]], first_rows[name], start, sizes) for name, number in numbers.items()]
    kinds = _categories(frame)
    kind_numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds), start=1)}
    labels = [
        {"id": row + 1, "image_id": numbers[name], "category_id": kind_numbers[kind], "iscrowd": 0, **label}
        for row, (name, kind, label) in enumerate(zip(names, kinds, _labels(frame, found), strict=True))
    ]
    categories = [
        {"id": number, "name": kind, "supercategory": "", "keypoints": list(found.names), "skeleton": []}
        for kind, number in kind_numbers.items()
    ]
    content = {"info": {"description": "Keypoints written by Injerto"}, "licenses": [], "images": images}
    text = json.dumps(content | {"annotations": labels, "categories": categories}, ensure_ascii=False, allow_nan=False)
    write_whole(path, lambda file: file.write(text.encode()))
    taken = {photo, CATEGORY, SCORE, *BOX, *found.read}
    return tuple([*left_out(frame.columns, taken, "COCO"), *_unsaid(found)])


def _image(
    number: int, name: str, cell: str, row: int, folder: Place, sizes: Mapping[str, tuple[int, int]] | None
) -> dict[str, Any]:
    if is_grey_levels(cell):
        raise TableError(
            f"Row {row} (from 0) holds grey levels instead of the path of a photo. Save the photos as files first."
        )
    if sizes is not None and cell in sizes:
        width, height = sizes[cell]
    else:
        size = picture_size(cell, folder, row=row)
        width, height = size.width, size.height
    return {"id": number, "file_name": name, "width": int(width), "height": int(height)}


def _categories(frame: pl.DataFrame) -> list[str]:
    if CATEGORY not in frame.columns:
        return [_SUBJECT] * frame.height
    kinds = frame[CATEGORY].cast(pl.String).to_list()
    if None in kinds:
        raise TableError(f"Column '{CATEGORY}' is empty in row {kinds.index(None)} (rows from 0); COCO needs one for each.")
    return kinds


def _labels(frame: pl.DataFrame, points: Points) -> list[dict[str, Any]]:
    """What each annotation says of its points and its box."""
    boxes = np.full((frame.height, 4), np.nan)
    if set(BOX) <= set(frame.columns):
        boxes = np.stack([numbers_of(frame, name) for name in BOX], axis=1)
    scores = numbers_of(frame, SCORE) if SCORE in frame.columns else np.full(frame.height, np.nan)
    hidden = np.zeros_like(points.known) if points.visible is None else points.visible == 0
    v = np.where(points.known, np.where(hidden, 1, 2), 0)
    keypoints = np.nan_to_num(np.concatenate([points.xy_pixels, v[:, :, None]], axis=2)).tolist()
    found = []
    for row in range(frame.height):
        given = not np.isnan(boxes[row]).any()
        box = boxes[row].tolist() if given else _box_around(points.xy_pixels[row][points.known[row]])
        flat = [cell for x, y, seen in keypoints[row] for cell in (x, y, int(seen))]
        label: dict[str, Any] = {"keypoints": flat, "num_keypoints": int(points.known[row].sum())}
        label |= {"bbox": box, "area": box[2] * box[3]} | ({} if given else {AROUND_POINTS: True})
        sure = np.full(0, np.nan) if points.confidence is None else points.confidence[row]
        if len(sure):
            label[POINT_SCORES] = [None if np.isnan(one) else one for one in sure.tolist()]
        if not np.isnan(scores[row]):
            label["score"] = float(scores[row])
        elif not np.isnan(sure).all():
            label["score"] = float(np.nanmean(sure))
        found.append(label)
    return found


def _box_around(xy_pixels: np.ndarray) -> list[float]:
    """The smallest box that holds the pixels around places (n,2): in COCO, the pixel with index 3 reaches from 3 to 4."""
    if not len(xy_pixels):
        return [0.0, 0.0, 0.0, 0.0]
    least, most = xy_pixels.min(axis=0), xy_pixels.max(axis=0)
    return [*least.tolist(), *(most - least + 1).tolist()]


def _unsaid(points: Points) -> list[str]:
    """What COCO's three values of v cannot say."""
    if points.visible is None:
        return []
    absent = int(((points.visible == 0) & ~points.known).sum())
    silent = int((np.isnan(points.visible) & points.known).sum())
    count = points.known.size
    return [
        *([f"Not in the picture, and written as not labelled (v 0): {absent} of {count} points."] if absent else []),
        *([f"Not said to be visible or hidden, and written as visible (v 2): {silent} of {count} points."] if silent else []),
    ]
