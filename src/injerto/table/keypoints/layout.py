"""The product's own table of points: which columns stand in it, in which order, and what each is called.

One row a photo, or a subject on a photo. A point NAME has the columns NAME_x and NAME_y, in pixels of the photo as it is
stored; (0,0) is the centre of the upper left pixel, and empty is unknown. NAME_visible may say whether it can be seen: false
with a place is hidden, false without a place is not in the picture, empty is nothing said. NAME_confidence is a network's.

A box is as in COCO: box_x and box_y are its left and upper edge, counted from the left and upper edge of the photo, so that
(0, 0, width, height) is all of the photo.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

PHOTO = "photo"
CATEGORY = "category"
INDIVIDUAL = "individual"
SCORE = "score"
IN_PICTURE_FROM = 0.5
"""A point with a smaller chance of being in the picture is taken as not there, where one or the other must be said."""
BOX = ("box_x", "box_y", "box_width", "box_height")


def point_columns(name: str) -> tuple[str, str, str, str]:
    """The columns of a point: its x, its y, whether it is visible, and how sure a network is of it."""
    return f"{name}_x", f"{name}_y", f"{name}_visible", f"{name}_confidence"


def left_out(columns: Sequence[str], taken: Collection[str], format: str) -> list[str]:
    """A note naming the columns that have no place in a format, or nothing when there are none."""
    rest = [column for column in columns if column not in taken]
    return [f"Not written, as {format} has no place for it: {', '.join(rest)}."] if rest else []
