"""Shares before and now as pairs of bars, one under the other."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from injerto.drift.change import Share
from injerto.report.svg import bar, picture, text

WIDTH, LABEL, LINE = 460, 150, 26
_MOST_LETTERS = 24


def shares_picture(shares: Sequence[Share]) -> Markup:
    """A line for each level or range: its share in training above, that in the new table below."""
    most = max((max(one.before, one.after) for one in shares), default=0) or 1
    room = WIDTH - LABEL - 52
    parts = []
    for place, one in enumerate(shares):
        top = place * LINE
        tip = f"{one.label}: {one.before:.1%} before, {one.after:.1%} now"
        label = one.label if len(one.label) <= _MOST_LETTERS else f"{one.label[: _MOST_LETTERS - 1]}…"
        parts += [
            text(LABEL - 8, top + 17, label, anchor="end"),
            bar(LABEL, top + 4, room * one.before / most, 8, kind="before", tip=tip),
            bar(LABEL, top + 13, room * one.after / most, 8, kind="now", tip=tip),
            text(LABEL + room * max(one.before, one.after) / most + 6, top + 17, f"{one.after:.0%}"),
        ]
    return picture(WIDTH, LINE * len(shares) + 4, parts, title="shares before and now")
