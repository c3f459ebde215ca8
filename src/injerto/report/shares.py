"""Shares before and now as pairs of bars, one under the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from injerto.drift.change import Share
from injerto.drift.levels import OTHERS
from injerto.report.language import say, written
from injerto.report.svg import bar, picture, text

WIDTH, LABEL, LINE = 380, 128, 26
_MOST_LETTERS = 20
_NUMBER = r"[-+.e\d]+"
_RANGE = re.compile(rf"(?:(?P<low>{_NUMBER}) )?to (?P<high>{_NUMBER})|from (?P<least>{_NUMBER})")
"""Of numbers: to 3, 3 to 4, from 4."""


def shares_picture(shares: Sequence[Share]) -> Markup:
    """A line for each level or range: its share in training above, that in the new table below."""
    most = max((max(one.before, one.after) for one in shares), default=0) or 1
    room = WIDTH - LABEL - 52
    parts = []
    for place, one in enumerate(shares):
        top = place * LINE
        name = _named(one.label)
        tip = say("{label}: {before:.1%} before, {after:.1%} now", label=name, before=one.before, after=one.after)
        label = name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
        parts += [
            text(LABEL - 8, top + 17, label, anchor="end"),
            bar(LABEL, top + 4, room * one.before / most, 8, kind="before", tip=tip),
            bar(LABEL, top + 13, room * one.after / most, 8, kind="now", tip=tip),
            text(LABEL + room * max(one.before, one.after) / most + 6, top + 17, written(one.after, ".0%")),
        ]
    return picture(WIDTH, LINE * len(shares) + 4, parts, title=say("shares before and now"))


def _named(label: str) -> str:
    """A range in the words of the page; a level is the user's word."""
    found = _RANGE.fullmatch(label)
    if found is None:
        return say(label) if label == OTHERS else label
    if found["least"]:
        return say("from {low}", low=found["least"])
    if found["low"]:
        return say("{low} to {high}", low=found["low"], high=found["high"])
    return say("to {high}", high=found["high"])
