"""A selection: a stretch of a recording with a name, and what a file of them was found to hold, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["raven", "audacity", "list"]


@dataclass(frozen=True)
class Selection:
    """A stretch from `start_s` to `end_s`, in seconds from the start of its recording; a point when the two are equal."""

    start_s: float
    end_s: float
    label: str
    low_hz: float | None = None
    high_hz: float | None = None
    score: float | None = None


@dataclass(frozen=True)
class Line:
    """One selection as a file holds it. What cannot be used has a `reason`, and keeps its place where that is known."""

    number: int
    """The line of the file, from 1."""
    recording: str
    """The recording as the line names it; empty when only the file's own name can tell."""
    selection: Selection | None
    """None when the line does not even say where."""
    reason: str = ""
    """Why it cannot be used; empty when it can."""


@dataclass(frozen=True)
class Annotations:
    """All that a file of selections says."""

    format: Format
    lines: list[Line]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recorded:
    """The selections of one recording on their way into a file."""

    recording: str
    """The path or name of the sound file."""
    selections: tuple[Selection, ...]
    duration_s: float | None = None
    """Needed where a Raven table spans several recordings: Raven counts seconds from the start of the first."""
    top_hz: float = 12_000.0
    """Where Raven draws the upper edge of a selection without frequencies: at most half the sampling rate."""
