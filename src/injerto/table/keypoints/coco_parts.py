"""The parts of a file in COCO's layout: its photos by their ids, and its categories with the names of their points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from injerto.errors import TableError

_PARTS = ("images", "annotations", "categories")


@dataclass(frozen=True)
class Category:
    """A kind of subject and the names of its points, in the order of an annotation's keypoints; none where it has no points."""

    name: str
    points: tuple[str, ...]


def is_coco(data: object) -> bool:
    """Whether this is COCO's layout, perhaps with a part missing."""
    return isinstance(data, dict) and sum(part in data for part in _PARTS) >= 2


def part(data: dict[str, Any], name: str, file: str) -> list[dict[str, Any]]:
    """One of the three lists of objects. *Raises* TableError when it is missing or no such list."""
    found = data.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        what = "is missing" if name not in data else "is no list of objects"
        raise TableError(
            f"The COCO file {file} cannot be read: its '{name}' {what}. A file of keypoints has three lists: "
            f"{', '.join(_PARTS)}."
        )
    if not found and name != "images":
        raise TableError(f"The COCO file {file} has no {name}: the list is empty.")
    return found


def id_of(value: object) -> str | None:
    """An id as text, since some programs write 7 in one place and "7" or 7.0 in another; None when it is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else None


def photos_of(images: list[dict[str, Any]], file: str) -> dict[str, str]:
    """File names by id. *Raises* TableError when an image has no id or name, or two share an id."""
    found: dict[str, str] = {}
    for place, image in enumerate(images):
        key, name = id_of(image.get("id")), image.get("file_name")
        if key is None or not isinstance(name, str) or not name.strip():
            lacks = "id" if key is None else "file_name"
            raise TableError(f"The COCO file {file} cannot be read: images[{place}] has no {lacks}.")
        if found.setdefault(key, name) != name:
            raise TableError(
                f"The COCO file {file} gives the image id {key} twice, to {found[key]} and to {name}: no telling which photo "
                "an annotation is on. Were two files merged? Number the images anew."
            )
    return found


def categories_of(categories: list[dict[str, Any]], file: str) -> dict[str, Category]:
    """Categories by id.

    *Raises* TableError when none has points with names, two share an id, or two points of a category share a name.
    """
    found: dict[str, Category] = {}
    for place, category in enumerate(categories):
        key, points = id_of(category.get("id")), category.get("keypoints") or []
        if key is None:
            raise TableError(f"The COCO file {file} cannot be read: categories[{place}] has no id.")
        name = str(category.get("name") or f"category {key}")
        if not isinstance(points, list) or not all(isinstance(point, str) and point.strip() for point in points):
            raise TableError(f"The COCO file {file} cannot be read: 'keypoints' of the category {name} is no list of names.")
        twice = next((point for point in points if points.count(point) > 1), None)
        if twice is not None:
            raise TableError(f"The COCO file {file} names two points of the category {name} '{twice}'. Give each its own name.")
        one = Category(name, tuple(points))
        if found.setdefault(key, one) != one:
            raise TableError(f"The COCO file {file} gives the category id {key} twice, to {found[key].name} and to {name}.")
    if not any(category.points for category in found.values()):
        raise TableError(
            f"The COCO file {file} holds no keypoints: no category lists the names of its points under 'keypoints'. "
            "Boxes and outlines alone are not read; export it as COCO keypoints."
        )
    return found
