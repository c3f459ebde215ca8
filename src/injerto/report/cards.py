"""Cards of rows with an answer: what was said, what is true, and photos and sounds to look at and to play."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from injerto.report.gallery import Card
from injerto.report.language import say, say_html
from injerto.report.notes import note

OURS = ("(none)", "(not seen in training)", "a new individual", "an individual of the gallery", "cannot tell; likeliest ")
"""What answers and truths begin with that are no word of the user's."""


def answer_card(row: Mapping[str, Any]) -> Card:
    """A row that was answered; one that was answered rightly says so."""
    if row.get("chance") is not None and row["answer"].rsplit(" (", 1)[0] == row["truth"]:
        words = say_html("<b>{answer}</b>, rightly", **told(row))
    else:
        words = say_html('<span class="wrong">{answer}</span> is really <b>{truth}</b>', **told(row))
    return Card(seen(row), words, row["row"], row["values"])


def told(row: Mapping[str, Any]) -> dict[str, Markup]:
    """Answer and truth; some are words of ours, most the user's."""
    return {name: note(row[name]) if row[name].startswith(OURS) else escape(row[name]) for name in ("answer", "truth")}


def seen(row: Mapping[str, Any]) -> list[Markup]:
    """Its photos, then its sounds."""
    alt = say("photo of row {row}", row=row["row"])
    photos = [Markup('<img src="{}" alt="{}" decoding="async">').format(picture, alt) for picture in row["pictures"]]
    return photos + [_heard(sound, row["row"]) for sound in row.get("sounds", [])]


def _heard(sound: Mapping[str, Any], row: int) -> Markup:
    """A spectrogram, the place of the clip in it, and the sound to play."""
    alt = say("spectrogram of row {row}, {seconds:.3g} s", row=row, seconds=sound["seconds"])
    box = Markup()
    if "box" in sound:
        first, last = (100 * share for share in sound["box"])
        box = Markup('<i style="left:{:.2f}%;width:{:.2f}%"></i>').format(first, last - first)
    player = Markup()
    if "sound" in sound:
        player = Markup('<audio controls preload="none" aria-label="{}" src="{}"></audio>').format(
            say("sound of row {row}", row=row), sound["sound"]
        )
    return Markup(
        '<div class="heard"><div><img class="spectrogram" src="{}" alt="{}" decoding="async">{}</div>{}</div>'
    ).format(sound["picture"], alt, box, player)
