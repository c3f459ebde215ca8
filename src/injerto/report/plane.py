"""Dots on a plane whose axes have no unit, with names where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from injerto.report.svg import dot, picture, text

WIDTH, HEIGHT, PAD = 420, 300, 22
LETTER, LINE = 7.4, 14
"""Of a label, about: pixels a letter and its height."""
MOST_LETTERS = 22


@dataclass(frozen=True)
class Dot:
    """A place, its class of colour, what it says, and its name where it has one."""

    x: float
    y: float
    kind: str
    tip: str
    name: str = ""
    ringed: bool = False


def plane_picture(dots: Sequence[Dot], keys: Sequence[tuple[str, str]], *, title: str) -> Markup:
    """The dots, both axes at one scale, then `keys`: classes of colour and what they mean."""
    places = _scaled(dots)
    small = len(dots) > 120
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in places] if not small else []
    parts, labels = [], []
    for one, (x, y) in zip(dots, places, strict=True):
        if one.ringed:
            parts.append(dot(x, y, 5.5 if small else 7, kind="ring"))
        parts.append(dot(x, y, 3 if small else 4.2, kind=f"place {one.kind}", tip=one.tip))
        if one.name and (label := _label(one.name, x, y, taken)):
            labels.append(label)
    legend = Markup("").join(
        Markup('<span class="key"><i class="{}"></i>{}</span>').format(kind, words) for kind, words in keys
    )
    below = Markup('<p class="keys">{}</p>').format(legend) if keys else Markup()
    return picture(WIDTH, HEIGHT, [*parts, *labels], title=title) + below


def _scaled(dots: Sequence[Dot]) -> list[tuple[float, float]]:
    low_x, high_x = min(one.x for one in dots), max(one.x for one in dots)
    low_y, high_y = min(one.y for one in dots), max(one.y for one in dots)
    scale = min((WIDTH - 2 * PAD) / max(high_x - low_x, 1e-9), (HEIGHT - 2 * PAD) / max(high_y - low_y, 1e-9), 1e6)
    return [
        (WIDTH / 2 + (one.x - (low_x + high_x) / 2) * scale, HEIGHT / 2 - (one.y - (low_y + high_y) / 2) * scale)
        for one in dots
    ]


def _label(name: str, x: float, y: float, taken: list[tuple[float, float, float, float]]) -> str:
    """The name beside its dot, right or left, above or below; nothing where there is no room."""
    shown = name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1] + "…"
    long = LETTER * len(shown)
    for left, middle in ((x + 7, y), (x - 7 - long, y), (x - long / 2, y - 12), (x - long / 2, y + 12)):
        box = (left, middle - LINE / 2, left + long, middle + LINE / 2)
        if box[0] < 1 or box[2] > WIDTH - 1 or box[1] < 1 or box[3] > HEIGHT - 1:
            continue
        if any(box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1] for other in taken):
            continue
        taken.append(box)
        return text(left, middle + 4, shown)
    return ""
