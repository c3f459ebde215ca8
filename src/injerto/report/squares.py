"""Square pictures of two axes that mean the same: reliability of probabilities, true against answered numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from injerto.report.language import say, written
from injerto.report.svg import dot, line, picture, short, text, ticks

SIDE = 300
LEFT, TOP, RIGHT, BOTTOM = 52, 16, 24, 42
INNER = 12
"""Between the axes and their ends, so that a dot there covers no number."""


def reliability_picture(bins: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]] = ()) -> Markup:
    """What was said against what happened. On the diagonal the probabilities are honest; larger dots hold more rows.

    Rings are the same rows `before` calibration.
    """
    most = max((step["rows"] for step in (*bins, *before)), default=1)

    def mark(step: dict[str, Any], when: str) -> tuple[float, float, float, str]:
        tip = say("said {said:.0%}, happened {happened:.0%} ({rows:,} rows)", **step)
        return step["said"], step["happened"], 3 + 9 * math.sqrt(step["rows"] / most), f"{when}{tip}"

    marks = [mark(step, "") for step in bins]
    rings = [mark(step, f"{say('before calibration')}: ") for step in before]
    names = (say("probability given"), say("how often it was so"))
    return _square(marks, (0.0, 1.0), names, percent=True, kind="model", rings=rings)


def scatter_picture(points: Sequence[Sequence[float]]) -> Markup:
    """Answers against true values. On the diagonal they are equal."""
    values = [value for point in points for value in point]
    low, high = min(values), max(values)
    high = high if high > low else low + 1
    marks = [(true, given, 2.5, _tip(true, given)) for true, given in points]
    return _square(marks, (low, high), (say("true value"), say("answer")), percent=False, kind="point")


def _tip(true: float, given: float) -> str:
    return say("true {true}, answered {given}", true=short(true), given=short(given))


def _square(
    marks: Sequence[tuple[float, float, float, str]],
    ends: tuple[float, float],
    names: tuple[str, str],
    *,
    percent: bool,
    kind: str,
    rings: Sequence[tuple[float, float, float, str]] = (),
) -> Markup:
    low, high = ends

    def x_of(value: float) -> float:
        return LEFT + INNER + (SIDE - LEFT - RIGHT - 2 * INNER) * (value - low) / (high - low)

    def y_of(value: float) -> float:
        return TOP + INNER + (SIDE - TOP - BOTTOM - 2 * INNER) * (1 - (value - low) / (high - low))

    parts = []
    for tick in ticks(low, high):
        shown = written(tick, ".0%") if percent else short(tick)
        parts += [
            line(LEFT, y_of(tick), SIDE - RIGHT, y_of(tick), kind="grid"),
            line(x_of(tick), TOP, x_of(tick), SIDE - BOTTOM, kind="grid"),
        ]
        parts += [
            text(LEFT - 6, y_of(tick) + 4, shown, anchor="end"),
            text(x_of(tick), SIDE - BOTTOM + 15, shown, anchor="middle"),
        ]
    parts.append(line(x_of(low), y_of(low), x_of(high), y_of(high), kind="diagonal"))
    parts += [dot(x_of(x), y_of(y), radius, kind="ring", tip=tip) for x, y, radius, tip in rings]
    parts += [dot(x_of(x), y_of(y), radius, kind=kind, tip=tip) for x, y, radius, tip in marks]
    parts.append(text((LEFT + SIDE - RIGHT) / 2, SIDE - 6, names[0], anchor="middle"))
    middle = (TOP + SIDE - BOTTOM) / 2
    parts.append(f'<g transform="rotate(-90 12 {middle})">{text(12, middle, names[1], anchor="middle")}</g>')
    return picture(SIDE, SIDE, parts, title=say("{upwards} against {across}", upwards=names[1], across=names[0]))
