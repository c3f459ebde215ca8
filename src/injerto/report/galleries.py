"""Rows to look at, for each kind of target: the worst, those that stand for the rest, labels that may be wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from injerto.evidence.suspects import SHOWN, Suspect, by_photo
from injerto.report.cards import Card, Gallery, pictures_of
from injerto.report.drawing import apart, points_picture
from injerto.report.individuals import beside
from injerto.report.svg import short
from injerto.report.wrong_labels import doubts_gallery

POINTS_KEYS = [
    ("known", "where it is known to be"),
    ("answered", "the circle that was answered"),
    ("answered away", "said not to be in the picture"),
]
"""What the marks on a photo are."""
NAMED = 3
"""Points that are named where more of a row are suspected for one reason."""


def answers_galleries(evidence: Mapping[str, Any]) -> list[Gallery]:
    """The worst answers, in words, and labels that may be wrong."""
    return [Gallery("Its worst answers", [_answer(row) for row in evidence["worst"]]), doubts_gallery(evidence)]


def points_galleries(evidence: Mapping[str, Any]) -> list[Gallery]:
    """Photos with their points: the worst, a fair choice of all, labels that may be wrong."""
    return [
        Gallery(
            "Its worst photos",
            [_drawn(row) for row in evidence["worst"]],
            "The photos whose points are farthest off on average, the worst first; a line joins what was answered to what is "
            "known. Point at a circle, or tap it, for its name. Where the circle looks right and the dot does not, the label "
            "may be wrong.",
            POINTS_KEYS,
        ),
        Gallery(
            "As a rule",
            [_drawn(row) for row in evidence["rule"]],
            "Photos at even steps from the best to the worst: what to expect.",
            POINTS_KEYS,
        ),
        Gallery(
            "Labels that may be wrong",
            [_suspect(group) for group in by_photo(evidence.get("suspects", []))[:SHOWN]],
            "Labels that differ much from what the other rows tell: each place was answered by a model that had not learned "
            "from this row. The most suspicious come first; review them all in suspects.csv.",
            [("known", "the label"), ("answered", "where the other rows tell it to be")],
        ),
    ]


def individual_galleries(evidence: Mapping[str, Any]) -> list[Gallery]:
    """Photos beside their look-alikes: wrong answers, and a fair choice of all."""
    return [
        Gallery(
            "Its worst answers",
            [_alike(row) for row in evidence["worst"]],
            "Wrong answers, those that give least to what is true first, beside the likeliest individuals of the gallery; the "
            "right one is framed. Where two names show one animal, the names may be wrong.",
            broad=True,
        ),
        Gallery(
            "As a rule",
            [_alike(row) for row in evidence["rule"]],
            "Photos at even steps from the best to the worst: what to expect.",
            broad=True,
        ),
    ]


GALLERIES: dict[str, Callable[[Mapping[str, Any]], list[Gallery]]] = {
    "class": answers_galleries,
    "classes": answers_galleries,
    "number": answers_galleries,
    "keypoints": points_galleries,
    "individual": individual_galleries,
}


def galleries_of(kind: str, evidence: Mapping[str, Any]) -> list[Gallery]:
    """The galleries of a kind that have a card, or something to say without."""
    return [gallery for gallery in GALLERIES[kind](evidence) if gallery.cards or gallery.always]


def _answer(row: Mapping[str, Any]) -> Card:
    words = Markup('<span class="wrong">{}</span> is really <b>{}</b>').format(row["answer"], row["truth"])
    return Card(pictures_of(row), words, row["row"], row["values"])


def _alike(row: Mapping[str, Any]) -> Card:
    words = Markup("says <b>{}</b>; it is really <b>{}</b>").format(row["answer"], row["truth"])
    return Card([beside(row["pictures"], row.get("lookalikes", []), row["row"])], words, row["row"], row["values"])


def _drawn(row: Mapping[str, Any]) -> Card:
    told = [(distance, point["name"]) for point in row.get("points", ()) if (distance := apart(point)) is not None]
    words = Markup("<b>{}</b>").format(row["answer"])
    if len(told) > 1:
        distance, name = max(told)
        words += Markup("; farthest {}: {}").format(name, short(distance))
    return Card(_pictures(row), words, row["row"], row["values"])


def _suspect(group: Sequence[Suspect]) -> Card:
    """The labels of one row; those suspected for the same reason are named together."""
    reasons: dict[str, list[str]] = {}
    for one in group:
        usual = f"{short(one['times'])} times as far from where it is expected as is typical"
        reasons.setdefault(one.get("reason") or usual, []).append(one["point"])
    words = Markup("; ").join(Markup("<b>{}</b>: {}").format(_some(names), reason) for reason, names in reasons.items())
    return Card(_pictures(group[0]), words, group[0]["row"], group[0].get("values", []))


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _pictures(row: Mapping[str, Any]) -> list[Markup]:
    picture = points_picture(row)
    return [picture] if picture else []
