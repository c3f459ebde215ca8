"""A row like the one that is explained, as pages show it: pictures of its photos and sounds, and what plays these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from injerto.errors import MediaError
from injerto.evidence.pictures import photo
from injerto.evidence.shown_sound import RATE_HZ, beginning, drawn, played
from injerto.explain.nearest import Neighbour
from injerto.gallery.thumbnail import data_uri
from injerto.places.address import Place

MOST_SECONDS = 10.0
"""Of its sounds, which are there to be compared by ear."""


@dataclass(frozen=True)
class ShownFile:
    """One of its files, as addresses that hold what they show: a small photo, or the beginning of a sound."""

    kind: str
    picture: Markup
    sound: Markup | None = None


@dataclass(frozen=True)
class Alike:
    """One neighbour with those of its files that can be read."""

    one: Neighbour
    files: list[ShownFile]

    @classmethod
    def of(cls, one: Neighbour) -> Self:
        """Reads its files from the table's folder; a gallery keeps the photo itself."""
        kept = [] if one.jpeg is None else [ShownFile("image", Markup(data_uri(one.jpeg)))]
        there = [(kind, cell) for kind, cell in one.files if cell is not None]
        found = [_sound(cell, one.folder) if kind == "sound" else _photo(cell, one.folder) for kind, cell in there]
        return cls(one, [*kept, *(file for file in found if file is not None)])


def _photo(cell: object, folder: Place) -> ShownFile | None:
    picture = photo(cell, folder)
    return ShownFile("image", Markup(picture)) if picture else None


def _sound(cell: object, folder: Place) -> ShownFile | None:
    try:
        samples = beginning(cell, folder, most_seconds=MOST_SECONDS)
    except MediaError:
        return None  # it could be read before, to be compared
    return ShownFile("sound", Markup(drawn(samples, RATE_HZ)), Markup(played(samples, RATE_HZ)))
