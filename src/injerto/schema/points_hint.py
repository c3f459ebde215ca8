"""A sentence for who names no target, or the wrong one, on a table whose columns hold points."""

from __future__ import annotations

from collections.abc import Sequence

from injerto.schema.point_labels import listed
from injerto.table.keypoints.columns import points_in

_MOST_NAMED = 3


def points_hint(columns: Sequence[str]) -> str:
    """How to ask for keypoints, where pairs of columns look like them; else empty.

    Example:
        >>> points_hint(["photo", "nose_x", "nose_y"])
        " The pairs of columns NAME_x and NAME_y ('nose') can be points on photos: ask for them with --keypoints."
        >>> points_hint(["photo", "species"])
        ''
    """
    names = points_in(columns).names
    if not names:
        return ""
    return (
        f" The pairs of columns NAME_x and NAME_y ({listed(names, _MOST_NAMED)}) can be points on photos: ask for them with "
        "--keypoints."
    )
