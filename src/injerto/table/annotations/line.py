"""The cells of one selection to a line: numbers understood, and the reason where they are none."""

from __future__ import annotations

import math
import re

from injerto.table.annotations.selection import Line, Selection

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def number(text: str) -> float | None:
    """A number with a decimal point or a decimal comma; None for anything else, infinity and NaN among them.

    Example:
        >>> number("3,25"), number("soon")
        (3.25, None)
    """
    text = text.strip()
    found = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else math.inf
    return found if math.isfinite(found) else None


def hertz(text: str) -> float | None:
    """A frequency, or None where there is none: an empty cell, or the -1 of Audacity."""
    found = number(text)
    return None if found is None or found < 0 else found


def line_of(
    place: int, recording: str, times: tuple[str, str], *, label: str, hz: tuple[str, str] = ("", ""), score: str = ""
) -> Line:
    """A line from its cells; a label with tabs or double spaces in it becomes one with single spaces."""
    start_s, end_s = number(times[0]), number(times[1])
    if start_s is None or end_s is None:
        which, found = ("start", times[0]) if start_s is None else ("end", times[1])
        return Line(place, recording, None, f"the {which} is no number of seconds: '{found.strip()[:40]}'")
    reason = ""
    label = " ".join(label.split())
    if start_s < 0:
        reason = f"starts before the recording: at {start_s:g} s"
    elif end_s < start_s:
        reason = f"ends before it starts: {start_s:g} s to {end_s:g} s"
    elif not label:
        reason = "no label"
    first, last = max(0.0, min(start_s, end_s)), max(0.0, start_s, end_s)
    selection = Selection(first, last, label, hertz(hz[0]), hertz(hz[1]), number(score))
    return Line(place, recording, selection, reason)
