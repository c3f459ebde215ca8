"""A figure with its interval beside the baseline's, on one small scale."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from injerto.report.language import say
from injerto.report.svg import bar, dot, line, picture, short

WIDTH, HEIGHT, PAD = 240, 26, 8


def interval_picture(value: float, interval: Sequence[float] | None, baseline: float | None, *, share: bool) -> Markup:
    """A dot for the model, a band for its interval, a mark for the baseline."""
    known = [value, *(interval or ()), *(() if baseline is None else (baseline,))]
    low, high = (0.0, 1.0) if share else (min(0.0, *known), max(*known, 0.0) * 1.05)
    span = (high - low) or 1.0

    def place(figure: float) -> float:
        return PAD + (min(max(figure, low), high) - low) / span * (WIDTH - 2 * PAD)

    middle, model = HEIGHT / 2, say("model {value}", value=short(value))
    parts = [line(PAD, middle, WIDTH - PAD, middle, kind="track")]
    if interval:
        tip = say("95 % interval {low} to {high}", low=short(interval[0]), high=short(interval[1]))
        parts.append(bar(place(interval[0]), middle - 5, place(interval[1]) - place(interval[0]), 10, kind="band", tip=tip))
    if baseline is not None:
        x = place(baseline)
        parts.append(bar(x - 1.5, middle - 9, 3, 18, kind="baseline", tip=say("baseline {value}", value=short(baseline))))
    parts.append(dot(place(value), middle, 5, kind="model", tip=model))
    return picture(WIDTH, HEIGHT, parts, title=model)
