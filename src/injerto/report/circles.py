"""Whether circles are honest, as bars: how large they are, how far off answers are, how many hold the true place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from injerto.report.language import say, written
from injerto.report.svg import bar, line, picture, short, text, ticks

WIDTH = 420
LEFT, RIGHT, TOP, BOTTOM = 84, 62, 24, 40
LINE = 34
WIDE, NARROW = 18, 8


def circles_picture(steps: Sequence[dict[str, Any]]) -> Markup:
    """A line for each step of `evidence/circles.py`, the surest first."""
    height = TOP + LINE * len(steps) + BOTTOM
    most = max(max(step["radius"], step["error"]) for step in steps) or 1.0
    end = WIDTH - RIGHT

    def x_of(pixels: float) -> float:
        return LEFT + (end - LEFT) * pixels / most

    parts = []
    for tick in ticks(0, most):
        parts.append(line(x_of(tick), TOP, x_of(tick), height - BOTTOM, kind="grid"))
        parts.append(text(x_of(tick), height - BOTTOM + 15, short(tick), anchor="middle"))
    for place, step in enumerate(steps):
        middle = TOP + LINE * (place + 0.5)
        tip = say(
            "{points:,} points: radius {radius}, off by {error} on average, {inside:.0%} inside",
            **{**step, "radius": short(step["radius"]), "error": short(step["error"])},
        )
        parts += [
            bar(LEFT, middle - WIDE / 2, x_of(step["radius"]) - LEFT, WIDE, kind="band", tip=tip),
            bar(LEFT, middle - NARROW / 2, x_of(step["error"]) - LEFT, NARROW, kind="error", tip=tip),
            text(end + 8, middle + 4, written(step["inside"], ".0%"), kind="share"),
        ]
    parts.append(text(LEFT - 8, TOP + LINE * 0.5 + 4, say("surest"), anchor="end"))
    if len(steps) > 1:
        parts.append(text(LEFT - 8, height - BOTTOM - LINE * 0.5 + 4, say("least sure"), anchor="end"))
    parts.append(text(end + 8, TOP - 8, say("inside")))
    parts.append(text((LEFT + end) / 2, height - 6, say("pixels"), anchor="middle"))
    return picture(WIDTH, height, parts, title=say("radius of circles beside how far off answers are"))
