"""Cards under a title, as the page shows rows of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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
    anchor: str = ""
    """Of a gallery that is folded: its name on the page."""
