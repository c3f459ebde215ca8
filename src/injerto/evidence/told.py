"""A row that the report shows: which one, what is true and what was answered in words, and what to show beside its photo."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """One point: where it is known to be and where it was answered, in pixels of the photo as stored."""

    name: str
    truth: Place | None
    """None where nothing is known."""
    answer: Place
    radius: float | None = None
    """Of the circle around the answer; None without calibration."""
    in_picture: bool = True
    """What the model says."""


@dataclass(frozen=True)
class LookAlike:
    """An individual of the gallery that a photo may show."""

    name: str
    probability: float
    right: bool = False


@dataclass(frozen=True)
class Told:
    """`index` counts the rows that were judged. A row with marks is drawn; its photo is all that is shown of it."""

    index: int
    truth: str
    answer: str
    marks: tuple[Mark, ...] = ()
    lookalikes: tuple[LookAlike, ...] = ()
    """The likeliest first."""
    chance: float | None = None
    """How sure the answer was, from 0 to 1, where that orders its gallery."""
    cell: tuple[int, int] | None = None
    """Its place in the confusion matrix: true class, answer."""
