"""Where the head and its points are on photos: as a person marked them or, where nobody did, as the models find them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from injerto.model import Model
from injerto.progress import Progress
from injerto.recipes.locator import locate, no_head
from injerto.recipes.marks import Marks
from injerto.recipes.pointer import point
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
    """(N,4): left, top, width, height; NaN where there is none."""
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


def find(locator: Model, pointer: Model, photos: Column, marks: Marks, look: Look | None, progress: Progress) -> Found:
    """Fill in what is not marked. A row with both points marked needs no box. With a `look`, heads are looked at twice."""
    count = len(photos)
    box, points = marks.box.copy(), marks.points.copy()
    there, confidence = np.full(count, np.nan), np.full(count, np.nan)
    doubt, problem = [""] * count, [""] * count
    readable = np.isfinite(framing_of(photos).sizes).all(axis=1)
    asked = np.flatnonzero(~marks.boxed & (~marks.pointed | ~readable))
    if len(asked):
        located = locate(locator, photos.take(asked), progress)
        for index, row in enumerate(asked.tolist()):
            there[row], problem[row] = located.there[index], located.problem[index]
            radius = located.radius_share[index]
            if not problem[row] and no_head(there[row], radius):
                problem[row] = (
                    f"no head was found in the photo: the chance that there is one is {there[row]:.2f}, "
                    f"and its box may be off by {radius:.2g} times its length"
                )
            if not problem[row]:
                box[row] = located.box[index]
                if radius > UNSURE_SHARE:
                    doubt[row] = "where the head is: there may be two, or it looks like none that was learned from"
    asked = np.flatnonzero(~marks.pointed & np.isfinite(box).all(axis=1))
    if len(asked):
        pointed = point(pointer, photos.take(asked), box[asked], look, progress)
        for index, row in enumerate(asked.tolist()):
            points[row], confidence[row] = pointed.points[index], pointed.confidence[index]
            if pointed.exchanged[index]:
                doubt[row] = _joined(doubt[row], "which end is which: turned by half, it was answered the other way round")
            elif confidence[row] < UNSURE_POINTS:
                doubt[row] = _joined(
                    doubt[row], f"where the points are: the chance that both are near is {confidence[row]:.2f}"
                )
    for row in range(count):
        if not problem[row]:
            problem[row] = _unusable(points[row], readable=bool(readable[row]))
    return Found(box, points, there, confidence, doubt, problem)


def _unusable(points: np.ndarray, *, readable: bool) -> str:
    if not np.isfinite(points).all():
        return "no points were found on the head" if readable else "the photo cannot be read"
    if np.linalg.norm(points[0] - points[1]) < LEAST_APART_PIXELS:
        return "the two points were found at the same place"
    return ""


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
