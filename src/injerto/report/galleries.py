"""Rows to look at, for each kind of target: the worst, those that stand for the rest, labels that may be wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from injerto.evidence.suspects import SHOWN, Suspect, by_photo
from injerto.report.drawing import apart, points_picture
from injerto.report.individuals import beside
from injerto.report.language import say, say_html, several
from injerto.report.notes import note, note_text
from injerto.report.svg import short

POINTS_KEYS = [
    ("known", "where it is known to be"),
    ("answered", "the circle that was answered"),
    ("answered away", "said not to be in the picture"),
]
"""What the marks on a photo are."""
SUSPECTS_KEYS = [("known", "the label"), ("answered", "where the other rows tell it to be")]
NAMED = 3
"""Points that are named where more of a row are suspected for one reason."""


@dataclass(frozen=True)
class Card:
    """One row: its pictures, what there is to say, its number and values."""

    pictures: Sequence[Markup]
    words: Markup
    row: int
    values: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Gallery:
    """Cards under a title; `keys` are classes of marks and what they mean, where photos are drawn on."""

    title: str
    cards: list[Card]
    caption: str = ""
    keys: list[tuple[str, str]] = field(default_factory=list)
    broad: bool = False
    """Whether a card takes a line for itself."""


def answers_galleries(evidence: Mapping[str, Any]) -> list[Gallery]:
    """The worst answers, in words."""
    return [Gallery(say("Its worst answers"), [_answer(row) for row in evidence["worst"]])]


def class_galleries(evidence: Mapping[str, Any]) -> list[Gallery]:
    """The worst answers, and labels that may be wrong."""
    return [
        *answers_galleries(evidence),
        Gallery(
            say("Labels that may be wrong"),
            [_doubted(row) for row in evidence.get("label_doubts", []) if "values" in row],
            say(
                "Each row was judged by models that had not learned from it, and they say another class. The most suspicious come "
                "first. Write the right label into the column 'corrected' of suspects.csv; injerto correct makes the new table."
            ),
        ),
    ]


def points_galleries(evidence: Mapping[str, Any]) -> list[Gallery]:
    """Photos with their points: the worst, a fair choice of all, labels that may be wrong."""
    return [
        Gallery(
            say("Its worst photos"),
            [_drawn(row) for row in evidence["worst"]],
            say(
                "The photos whose points are farthest off on average, the worst first; a line joins what was answered to what "
                "is known. Point at a circle, or tap it, for its name. Where the circle looks right and the dot does not, the "
                "label may be wrong."
            ),
            _keys(POINTS_KEYS),
        ),
        Gallery(
            say("As a rule"),
            [_drawn(row) for row in evidence["rule"]],
            say("Photos at even steps from the best to the worst: what to expect."),
            _keys(POINTS_KEYS),
        ),
        Gallery(
            say("Labels that may be wrong"),
            [_suspect(group) for group in by_photo(evidence.get("suspects", []))[:SHOWN]],
            say(
                "Labels that differ much from what the other rows tell: each place was answered by a model that had not "
                "learned from this row. The most suspicious come first; review them all in suspects.csv."
            ),
            _keys(SUSPECTS_KEYS),
        ),
    ]


def individual_galleries(evidence: Mapping[str, Any]) -> list[Gallery]:
    """Photos beside their look-alikes: wrong answers, and a fair choice of all."""
    return [
        Gallery(
            say("Its worst answers"),
            [_alike(row) for row in evidence["worst"]],
            say(
                "Wrong answers, those that give least to what is true first, beside the likeliest individuals of the gallery; "
                "the right one is framed. Where two names show one animal, the names may be wrong."
            ),
            broad=True,
        ),
        Gallery(
            say("As a rule"),
            [_alike(row) for row in evidence["rule"]],
            say("Photos at even steps from the best to the worst: what to expect."),
            broad=True,
        ),
    ]


GALLERIES: dict[str, Callable[[Mapping[str, Any]], list[Gallery]]] = {
    "class": class_galleries,
    "classes": answers_galleries,
    "number": answers_galleries,
    "keypoints": points_galleries,
    "individual": individual_galleries,
}


def galleries_of(kind: str, evidence: Mapping[str, Any]) -> list[Gallery]:
    """The galleries of a kind that have a card."""
    return [gallery for gallery in GALLERIES[kind](evidence) if gallery.cards]


def _keys(keys: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(kind, say(words)) for kind, words in keys]


def _told(row: Mapping[str, Any]) -> dict[str, Markup]:
    """Answer and truth; some are words of ours, most the user's."""
    return {name: note(row[name]) if row[name] in OURS else Markup(escape(row[name])) for name in ("answer", "truth")}


def _answer(row: Mapping[str, Any]) -> Card:
    words = say_html('<span class="wrong">{answer}</span> is really <b>{truth}</b>', **_told(row))
    return Card(_seen(row), words, row["row"], row["values"])


def _doubted(row: Mapping[str, Any]) -> Card:
    words = say_html(
        'labelled <b>{label}</b> (chance {chance:.0%}); perhaps <span class="wrong">{suggested}</span>',
        label=row["label"],
        chance=row["chance"],
        suggested=row["suggested"],
    )
    return Card(_seen(row), words, row["row"], row["values"])


def _alike(row: Mapping[str, Any]) -> Card:
    words = say_html("says <b>{answer}</b>; it is really <b>{truth}</b>", **_told(row))
    return Card([beside(row["pictures"], row.get("lookalikes", []), row["row"])], words, row["row"], row["values"])


def _drawn(row: Mapping[str, Any]) -> Card:
    told = [(distance, point["name"]) for point in row.get("points", ()) if (distance := apart(point)) is not None]
    words = Markup("<b>{}</b>").format(note(row["answer"]))
    if len(told) > 1:
        distance, name = max(told)
        words += say_html("; farthest {name}: {distance}", name=name, distance=short(distance))
    return Card(_pictures(row), words, row["row"], row["values"])


def _suspect(group: Sequence[Suspect]) -> Card:
    """The labels of one row; those suspected for the same reason are named together."""
    reasons: dict[str, list[str]] = {}
    for one in group:
        usual = say("{times} times as far from where it is expected as is typical", times=short(one["times"]))
        reasons.setdefault(note_text(one["reason"]) if one.get("reason") else usual, []).append(one["point"])
    words = Markup("; ").join(Markup("<b>{}</b>: {}").format(_some(names), reason) for reason, names in reasons.items())
    return Card(_pictures(group[0]), words, group[0]["row"], group[0].get("values", []))


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" {say('and {count} more', count=more)}" if more > 0 else "")


def _pictures(row: Mapping[str, Any]) -> list[Markup]:
    picture = points_picture(row)
    return [picture] if picture else []
