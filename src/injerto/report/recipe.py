"""The page of a recipe: how good each stage is, and heads as they went through: photo, box, points, passport photo."""

from __future__ import annotations

from dataclasses import dataclass, field

from injerto.report.language import LanguageCode, speaking
from injerto.report.template import filled


@dataclass(frozen=True)
class Line:
    """One figure of a stage."""

    stage: str
    what: str
    value: str
    rows: int
    report: str = ""
    """Where the stage's own report is, from the page."""


@dataclass(frozen=True)
class Shape:
    """A box and points on a photo turned upright, in pixels from its corner; `kind` is marked or found."""

    kind: str
    box: tuple[float, float, float, float] | None
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class ShownHead:
    """One row: its photo with what is marked and found on it, and its passport photos."""

    name: str
    photo: str
    told: str
    picture: str = ""
    """The photo, small, as the address of its data; empty where it cannot be read."""
    width: float = 1
    height: float = 1
    shapes: list[Shape] = field(default_factory=list)
    passport: str = ""
    """Addresses of passport photos: as marked where that is so, and as they are without marks."""
    again: str = ""


@dataclass(frozen=True)
class HeadGallery:
    """Heads under one title."""

    title: str
    caption: str
    heads: list[ShownHead]


SHOWN_PROBLEMS = 100


def stages_page(
    title: str,
    headline: str,
    *,
    figures: list[Line],
    galleries: list[HeadGallery],
    problems: list[tuple[int, str, str]],
    language: LanguageCode = "en",
) -> str:
    """The page as HTML. The small photos are inside; passport photos and the stages' own reports lie beside it."""
    with speaking(language):
        return filled(
            "recipe.html",
            title=title,
            headline=headline,
            style=("page.css", "recipe.css"),
            figures=figures,
            galleries=[gallery for gallery in galleries if gallery.heads],
            problems=problems[:SHOWN_PROBLEMS],
            more_problems=len(problems) > SHOWN_PROBLEMS,
        )
