"""Rows as the report shows them: a card with pictures, sounds and words, and cards under a title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup


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
    always: bool = False
    """Whether the caption has something to say where there are no cards."""


def pictures_of(row: Mapping[str, Any]) -> list[Markup]:
    """The photos of a row, and its sounds as pictures above what plays them."""
    photo = Markup('<img src="{}" alt="photo of row {}">')
    played = Markup('<img src="{}" alt="spectrogram of row {}"><audio controls preload="none" src="{}"></audio>')
    return [
        *(photo.format(picture, row["row"]) for picture in row["pictures"]),
        *(played.format(one["picture"], row["row"], one["sound"]) for one in row.get("sounds", ())),
    ]
