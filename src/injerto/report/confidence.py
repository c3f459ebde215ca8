"""How sure right and wrong answers were, as bars on one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from injerto.report.language import say, written
from injerto.report.svg import bar, line, picture, text, ticks

WIDTH, HEIGHT = 420, 230
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 42


def confidence_picture(steps: Sequence[dict[str, Any]]) -> Markup:
    """Steps of `evidence/confidence.py`: rows answered wrongly below, rightly above them."""
    most = max((step["right"] + step["wrong"] for step in steps), default=0) or 1
    low = steps[0]["from"] if steps else 0.0
    room, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    floor, wide = TOP + tall, room / max(1, len(steps))
    parts = []
    for tick in ticks(0, most):
        if tick == int(tick):
            y = floor - tall * tick / most
            parts += [
                line(LEFT, y, WIDTH - RIGHT, y, kind="grid"),
                text(LEFT - 6, y + 4, written(int(tick), ","), anchor="end"),
            ]
    for place, step in enumerate(steps):
        right, wrong = tall * step["right"] / most, tall * step["wrong"] / most
        x, width = LEFT + wide * place + 2, wide - 4
        tip = say("{low:.0%} sure and more: {right:,} right, {wrong:,} wrong", low=step["from"], **_counts(step))
        if step["wrong"]:
            parts.append(bar(x, floor - wrong, width, wrong, kind="baseline", tip=tip))
        if step["right"]:
            parts.append(bar(x, floor - wrong - right, width, right, kind="error", tip=tip))
        parts.append(text(LEFT + wide * place, floor + 15, written(step["from"], ".0%"), anchor="middle"))
    parts.append(text(WIDTH - RIGHT, floor + 15, written(1.0, ".0%"), anchor="end"))
    parts.append(text(LEFT + room / 2, HEIGHT - 6, say("how sure the answer was"), anchor="middle"))
    title = say("rows answered rightly and wrongly, by how sure the answer was, from {low:.0%} on", low=low)
    return picture(WIDTH, HEIGHT, parts, title=title) + _keys()


def _counts(step: dict[str, Any]) -> dict[str, int]:
    return {"right": step["right"], "wrong": step["wrong"]}


def _keys() -> Markup:
    return Markup(
        '<p class="keys"><span class="key"><i class="model"></i>{}</span><span class="key"><i class="c1"></i>{}</span></p>'
    ).format(say("right"), say("wrong"))
