"""JSON to a frame: keypoints in COCO's layout, a list of flat records, or a dict of lists."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from injerto.errors import TableError
from injerto.places.address import Place
from injerto.table.content import Content
from injerto.table.keypoints.coco_parts import is_coco
from injerto.table.keypoints.read_coco import read_coco
from injerto.table.text import to_utf8

_EXPECTED = (
    "Expected keypoints in COCO's layout (images, annotations, categories), a list of flat records "
    '([{"photo": "a.jpg", "mass": 3}, ...]), or a dict of lists ({"photo": ["a.jpg", ...], "mass": [3, ...]}).'
)
_KNOWN_OTHERS = {
    "shapes": "a labelme file: convert it to COCO keypoints, or write a CSV with a pair of columns a point",
    "_via_img_metadata": "a project of the VGG Image Annotator: convert it to COCO keypoints",
    "columns": "a table that pandas wrote with orient='split': write it with orient='records'",
}


def read_json(raw: bytes, path: Place) -> Content:
    """The table in a JSON file. *Raises* TableError when it is damaged, or holds no table."""
    data = _parsed(raw, path)
    if is_coco(data):
        return read_coco(data, path)
    if isinstance(data, list):
        return Content(_records(data, path))
    if isinstance(data, dict):
        return Content(_lists(data, path))
    raise TableError(f"The JSON file {path} holds no table: it is {_kind(data)}. {_EXPECTED}")


def _parsed(raw: bytes, path: Place) -> Any:
    text = to_utf8(raw, str(path))[0].decode("utf-8")
    try:
        return json.loads(text)
    except json.JSONDecodeError as slip:
        end = " The file ends too early; copy it again." if slip.pos >= len(text.rstrip()) else ""
        raise TableError(
            f"The JSON file {path} is damaged: {slip.msg} at line {slip.lineno}, column {slip.colno}.{end}"
        ) from slip
    except (RecursionError, ValueError) as slip:
        raise TableError(f"The JSON file {path} holds no table: {slip}.") from slip


def _records(data: list[Any], path: Place) -> pl.DataFrame:
    if not data:
        raise TableError(f"The JSON file {path} is an empty list. {_EXPECTED}")
    for place, record in enumerate(data):
        if not isinstance(record, dict):
            raise TableError(f"The JSON file {path} is a list, but its entry {place} is {_kind(record)}. {_EXPECTED}")
        if "keypoints" in record and "image_id" in record:
            raise TableError(
                f"The JSON file {path} holds results in COCO's layout: they name neither photos nor points. "
                "Give the file of annotations that they were made for."
            )
    keys = dict.fromkeys(key for record in data for key in record)
    return pl.DataFrame([_column(key, [record.get(key) for record in data], path) for key in keys])


def _lists(data: dict[str, Any], path: Place) -> pl.DataFrame:
    if data.get("type") in ("FeatureCollection", "Feature", "Topology"):
        raise TableError(f"The JSON file {path} is a map (GeoJSON or TopoJSON), not a table. Save its attributes as CSV.")
    for key, what in _KNOWN_OTHERS.items():
        if key in data:
            raise TableError(f"The JSON file {path} is {what}.")
    odd = next((key for key, cells in data.items() if not isinstance(cells, list)), None)
    if odd is not None or not data:
        found = f"its '{odd}' is {_kind(data[odd])}" if odd is not None else "it is empty"
        raise TableError(f"The JSON file {path} holds no table: {found}. {_EXPECTED}")
    lengths = {key: len(cells) for key, cells in data.items()}
    short, long = min(lengths, key=lambda key: lengths[key]), max(lengths, key=lambda key: lengths[key])
    if lengths[short] != lengths[long]:
        raise TableError(
            f"The lists in {path} differ in length: '{short}' has {lengths[short]} cells, '{long}' has {lengths[long]}."
        )
    return pl.DataFrame([_column(key, cells, path) for key, cells in data.items()])


def _column(name: str, cells: list[Any], path: Place) -> pl.Series:
    """Cells of one kind as a column; whole numbers and fractions may be mixed."""
    kinds = {type(cell) for cell in cells if cell is not None}
    nested = next((place for place, cell in enumerate(cells) if isinstance(cell, dict | list)), None)
    if nested is not None:
        raise TableError(
            f"The JSON file {path} holds no flat table: '{name}' in entry {nested} is {_kind(cells[nested])}. A cell must be a "
            "number, a text, true, false or null."
        )
    if kinds == {int, float}:
        cells, kinds = [None if cell is None else float(cell) for cell in cells], {float}
    if len(kinds) > 1:
        words = sorted({_kind(cell) for cell in cells if cell is not None})
        raise TableError(f"The column '{name}' in {path} mixes kinds of cells: {', '.join(words)}. Make them all of one kind.")
    try:
        return pl.Series(name, cells)
    except (PolarsError, TypeError, OverflowError) as slip:
        raise TableError(f"The column '{name}' in {path} cannot be read: {str(slip)[:200]}.") from slip


def _kind(value: Any) -> str:
    """A word for what a JSON value is."""
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
