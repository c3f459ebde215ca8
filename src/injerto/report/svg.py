"""The few words of SVG that the report's pictures are made of. Colours are classes, so that light and dark both read well."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup, escape

from injerto.report.language import written


def picture(width: int, height: int, parts: Sequence[str], *, title: str) -> Markup:
    """A picture (width, height) that shrinks with the page; `title` is what a screen reader says.

    One whose parts have tips is a group that the keyboard can walk through; without a title it is mere decoration.
    """
    inside = "".join(parts)
    role = "group" if " data-tip" in inside else "img"
    named = f'role="{role}" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    return Markup(f'<svg viewBox="0 0 {width} {height}" {named}>{inside}</svg>')


def text(x: float, y: float, words: object, *, anchor: str = "start", kind: str = "label") -> str:
    """Words at (x, y); `anchor` is start, middle or end."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *, kind: str = "axis") -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def bar(x: float, y: float, width: float, height: float, *, kind: str, tip: str = "") -> str:
    """A filled box; `tip` is shown when it is pointed at."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" rx="2" class="{kind}"{_tip(tip)}/>'


def dot(x: float, y: float, radius: float, *, kind: str, tip: str = "") -> str:
    """A filled circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" class="{kind}"{_tip(tip)}/>'


def path(points: Sequence[tuple[float, float]], *, kind: str) -> str:
    """A line through points."""
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" class="{kind}"/>'


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round numbers between `low` and `high`, about `count` of them.

    Example:
        >>> ticks(0, 1)
        [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    if not high > low:
        return [low]
    rough = (high - low) / count
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round((first + k) * step, 12) for k in range(int((high - first * step) / step + 1e-9) + 1)]


def short(value: float) -> str:
    """A number as briefly as a label allows: three digits, and whole numbers whole up to a million.

    Example:
        >>> short(0.25), short(1150), short(1500000), short(0.00012)
        ('0.25', '1,150', '1.5e+06', '0.00012')
    """
    return written(round(value), ",") if 1000 <= abs(value) < 1e6 else f"{value:.3g}"


def _tip(tip: str) -> str:
    return f' data-tip role="img" aria-label="{escape(tip)}"' if tip else ""
