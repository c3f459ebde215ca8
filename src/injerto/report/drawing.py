"""Points drawn over a small picture of their photo: where each is known to be, and the circle that was answered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from injerto.report.language import say
from injerto.report.svg import dot, line, picture, short

SIDE = 240
"""Units of the longer side; marks are as large on a small photo as on a large one."""
KNOWN, LEAST = 2.4, 3.0
"""Radii of the dot of a known place, and of the least circle: a smaller one, or one without a radius, could not be seen."""

Point = Mapping[str, Any]


def points_picture(row: Mapping[str, Any]) -> Markup:
    """A row as `evidence/drawn.py` made it; nothing for one whose photo could not be read. Names are shown at a point."""
    if not row.get("points"):
        return Markup()
    scale = SIDE / max(row["width"], row["height"])
    width, height = (max(1, round(row[side] * scale)) for side in ("width", "height"))
    photo = f'<image href="{escape(row["pictures"][0])}" width="{width}" height="{height}" preserveAspectRatio="none"/>'
    title = say("photo of row {row} with its points", row=row["row"])
    return picture(width, height, [photo, *(_spot(point, scale) for point in row["points"])], title=title)


def apart(point: Point) -> float | None:
    """Pixels between what is known and what was answered; None where nothing is known."""
    return None if point["truth"] is None else math.dist(point["truth"], point["answer"])


def _spot(point: Point, scale: float) -> str:
    x, y = (value * scale for value in point["answer"])
    radius = LEAST if point["radius"] is None else max(point["radius"] * scale, LEAST)
    parts = [dot(x, y, radius, kind=kind) for kind in ("halo", "answered")]
    if point["truth"] is not None:
        known_x, known_y = (value * scale for value in point["truth"])
        parts += [line(known_x, known_y, x, y, kind=kind) for kind in ("halo", "miss")]
        parts.append(dot(known_x, known_y, KNOWN, kind="known"))
    away = "" if point["in_picture"] else " away"
    return f'<g class="spot{away}" data-tip role="img" aria-label="{escape(_words(point))}">{"".join(parts)}</g>'


def _words(point: Point) -> str:
    distance = apart(point)
    told = [say("not known") if distance is None else say("off by {pixels} pixels", pixels=short(distance))]
    told += [] if point["radius"] is None else [say("radius {pixels}", pixels=short(point["radius"]))]
    told += [] if point["in_picture"] else [say("said not to be in the picture")]
    return f"{point['name']}: {', '.join(told)}"
