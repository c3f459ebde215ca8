"""The stretch of a recording that a clip stands for, and what is wrong with its times."""

from __future__ import annotations

import math
from dataclasses import dataclass

from injerto.errors import MediaError

START, END = "start_s", "end_s"
"""Fields of a cell that is a clip, and the columns that are taken for its times unless others are declared."""

TOLERANCE_S = 0.05
"""A clip may end so much after its file, as annotations are rounded: it is cut."""

FAR = 10
"""Times of so many lengths of the file are no slip: their unit is another."""


@dataclass(frozen=True)
class Span:
    """From `start_s` (None: the beginning of the file) to `end_s` (None: its end), in seconds."""

    start_s: float | None
    end_s: float | None

    @property
    def key(self) -> bytes:
        """The span as bytes, to the last bit of its times: part of the key of what is kept of a clip."""
        return f"|{self.start_s!r}|{self.end_s!r}".encode()

    def within(self, seconds: float, rate_hz: int) -> tuple[float, float]:
        """Start and end in a file of so many seconds at `rate_hz`.

        *Raises* MediaError. The part of its reason before ": " is one of two fixed phrases.
        """
        start_s = 0.0 if self.start_s is None else self.start_s
        end_s = seconds if self.end_s is None else self.end_s
        for what, time_s in (("start", start_s), ("end", end_s)):
            if not math.isfinite(time_s):
                raise MediaError(f"clip times: the {what} is not a finite number of seconds")
        if start_s < 0:
            raise MediaError(f"clip times: the clip starts at {_seconds(start_s)}, before its file does")
        if self.end_s is not None and end_s <= start_s:
            raise MediaError(f"clip times: the clip ends at {_seconds(end_s)}, not after its start at {_seconds(start_s)}")
        for verb, time_s, latest_s in (("starts", start_s, seconds), ("ends", end_s, seconds + TOLERANCE_S)):
            if time_s > latest_s or (verb == "starts" and time_s == seconds):
                found = f"the clip {verb} at {_seconds(time_s)}, the file ends at {_seconds(seconds)}"
                raise MediaError(f"beyond the file: {found}: are the times {_units(time_s, seconds, rate_hz)}?")
        return start_s, min(end_s, seconds)


def span_of(cell: object) -> Span | None:
    """The span of a cell that is a clip; None for a cell that is a whole file."""
    if not isinstance(cell, dict) or (cell.get(START) is None and cell.get(END) is None):
        return None
    return Span(cell.get(START), cell.get(END))


def _units(time_s: float, seconds: float, rate_hz: int) -> str:
    """What a time beyond the end may be measured in instead."""
    if time_s < FAR * seconds:
        return "in seconds"
    fitting = [name for name, part in (("milliseconds", 1000), ("samples", rate_hz)) if time_s / part <= seconds]
    return f"in {' or '.join(fitting)}" if fitting else "in seconds"


def _seconds(time_s: float) -> str:
    return f"{round(time_s, 3)} s"
