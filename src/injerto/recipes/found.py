"""Where the head and its points are on photos: as a person marked them or, where nobody did, as the models find them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from injerto.model import Model
from injerto.progress import Progress
from injerto.recipes.box_rule import BoxRule
from injerto.recipes.locator import Located, locate, no_head
from injerto.recipes.marks import Marks
from injerto.recipes.pointer import Pointed, point
from injerto.recipes.second_look import Look
from injerto.table.column import Column
from injerto.table.framing import framing_of
from injerto.table.passport import LEAST_APART_PIXELS

UNSURE_SHARE = 0.3
"""A box whose sides may be off by this share of its length in one of ten cases is in doubt: there may be another head."""
UNSURE_POINTS = 0.25


@dataclass(frozen=True)
class Found:
    """Boxes and points of N photos, in pixels as stored."""

    box: np.ndarray
    """(N,4): left, top, width, height, where it was not marked as it follows from the points; NaN where there is none."""
    located: np.ndarray
    """(N,4): as marked, or as the locator alone found it."""
    points: np.ndarray
    """(N,2,2); NaN likewise."""
    there: np.ndarray
    """(N,): the chance that a head is in the picture; NaN where the box was marked."""
    confidence: np.ndarray
    """(N,): the chance that both points are near where they are told to be; NaN where they were marked."""
    doubt: list[str]
    """What is not sure of a row that can be used."""
    problem: list[str]
    """Why a row cannot be used, empty where it can."""


@dataclass(frozen=True)
class Lie:
    """How boxes lie to their points, in two ways: roughly, to look again, and as people draw them."""

    look: Look | None = None
    """The square to look at again; without it heads are looked at once."""
    drawn: BoxRule | None = None
    """The box that follows from points that were looked at twice; without it boxes stay as they were located."""


def find(locator: Model, pointer: Model, photos: Column, marks: Marks, lie: Lie, progress: Progress) -> Found:
    """Fill in what is not marked. A row with both points marked needs no box."""
    count = len(photos)
    there, confidence = np.full((2, count), np.nan)
    doubt, problem = [""] * count, [""] * count
    found = Found(marks.box.copy(), marks.box.copy(), marks.points.copy(), there, confidence, doubt, problem)
    readable = np.isfinite(framing_of(photos).sizes).all(axis=1)
    asked = np.flatnonzero(~marks.boxed & (~marks.pointed | ~readable))
    if len(asked):
        _fill_boxes(found, asked, locate(locator, photos.take(asked), progress))
    asked = np.flatnonzero(~marks.pointed & np.isfinite(found.box).all(axis=1))
    if len(asked):
        pointed = point(pointer, photos.take(asked), found.box[asked], lie.look, progress)
        _fill_points(found, asked, pointed)
        found.box[asked] = drawn(lie.drawn, pointed, found.box[asked], marks.boxed[asked])
    for row in range(count):
        if not problem[row]:
            problem[row] = _unusable(found.points[row], readable=bool(readable[row]))
    return found


def _fill_boxes(found: Found, asked: np.ndarray, located: Located) -> None:
    """Take over what the locator says of the rows `asked` (M,)."""
    for index, row in enumerate(asked.tolist()):
        found.there[row], found.problem[row] = located.there[index], located.problem[index]
        radius = located.radius_share[index]
        if not found.problem[row] and no_head(located.there[index], radius):
            found.problem[row] = (
                f"no head was found in the photo: the chance that there is one is {located.there[index]:.2f}, "
                f"and its box may be off by {radius:.2g} times its length"
            )
        if not found.problem[row]:
            found.box[row] = found.located[row] = located.box[index]
            if radius > UNSURE_SHARE:
                found.doubt[row] = "where the head is: there may be two, or it looks like none that was learned from"


def _fill_points(found: Found, asked: np.ndarray, pointed: Pointed) -> None:
    """Take over what the pointer says of the rows `asked` (M,)."""
    for index, row in enumerate(asked.tolist()):
        found.points[row], sure = pointed.points[index], pointed.confidence[index]
        found.confidence[row] = sure
        if pointed.exchanged[index]:
            doubt = "which end is which: turned by half, it was answered the other way round"
        elif sure < UNSURE_POINTS:
            doubt = f"where the points are: the chance that both are near is {sure:.2f}"
        else:
            continue
        found.doubt[row] = _joined(found.doubt[row], doubt)


def drawn(rule: BoxRule | None, pointed: Pointed, box: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """Boxes (M,4) with those that nobody marked as they follow from points of a second look."""
    if rule is None:
        return box
    told = rule.boxes(pointed.points)
    better = pointed.again & ~marked & np.isfinite(told).all(axis=1) & (told[:, 2:] > 0).all(axis=1)
    return np.where(better[:, None], told, box)


def _unusable(points: np.ndarray, *, readable: bool) -> str:
    if not np.isfinite(points).all():
        return "no points were found on the head" if readable else "the photo cannot be read"
    if np.linalg.norm(points[0] - points[1]) < LEAST_APART_PIXELS:
        return "the two points were found at the same place"
    return ""


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
