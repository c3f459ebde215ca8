"""The page of who is on the photos: each beside its look-alikes, with what is said of it, that opens anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from markupsafe import Markup

from injerto.evidence.pictures import address
from injerto.identified import Alike, Identified, Identities, percents
from injerto.report.language import LanguageCode, say, speaking
from injerto.report.template import filled

MOST_BYTES = 8_000_000
"""Of pictures as they stand in the page, so that it goes by mail."""
MOST_SHOWN = 300
AT_ONCE = 5
"""Look-alikes in the first line; the others unfold."""
MOST_PHOTOS = 8
"""Of one sighting."""
MOST_UNUSED = 50


@dataclass(frozen=True)
class About:
    """What the answers rest on."""

    model: str
    individuals: int
    """In the gallery."""
    photos: int
    words: str
    """How often the decision errs, as `Decision.words` has it."""
    can_tell_new: bool
    version: str = ""
    unused: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Photos that could not be used, and why."""

    @classmethod
    def of(cls, found: Identities, *, model: str, version: str) -> Self:
        """What the answers `found` by the model of that name rest on."""
        return cls(
            model=model,
            individuals=len(found.gallery.individuals),
            photos=len(found.gallery),
            words=found.decision.words,
            can_tell_new=found.decision.can_tell_new,
            version=version,
            unused=[(one.file or f"row {one.row}", one.reason) for one in found.ledger],
        )


@dataclass(frozen=True)
class Likeness:
    """A look-alike as the page shows it."""

    alike: Alike
    place: int
    address: str


@dataclass(frozen=True)
class View:
    """One photo or sighting as the page shows it."""

    found: Identified
    addresses: list[str]
    more: int
    """Photos that are not shown."""
    first: list[Likeness]
    others: list[Likeness]

    @property
    def words(self) -> str:
        """What is said, with its probability."""
        if self.found.said == "known":
            best = self.found.lookalikes[0]
            return say("known: {name} ({share})", name=best.name, share=say(percents(best.probability)))
        if self.found.said == "new":
            return say("new individual ({share})", share=say(self.found.new_words))
        return say("cannot tell")

    @property
    def weight(self) -> int:
        """Characters of its pictures."""
        return sum(map(len, self.addresses)) + sum(len(one.address) for one in [*self.first, *self.others])


def identify_page(found: Iterable[Identified], about: About, language: LanguageCode = "en") -> str:
    """The page as HTML, with its style, its pictures and its few lines of script inside.

    At most `MOST_SHOWN` are shown, and no more than `MOST_BYTES` of pictures; all are counted.
    """
    with speaking(language):
        return _page(found, about)


def _page(found: Iterable[Identified], about: About) -> str:
    views: list[View] = []
    counts: Counter[str] = Counter()
    room, full = MOST_BYTES, False
    for one in found:
        counts[one.said] += 1
        if full:
            continue
        view = _view(one)
        room -= view.weight
        full = len(views) == MOST_SHOWN or (room < 0 and len(views) > 0)
        if not full:
            views.append(view)
    return filled(
        "identify.html",
        about=about,
        views=views,
        counts=counts,
        count=counts.total(),
        unused=about.unused[:MOST_UNUSED],
        percents=lambda share: say(percents(share)),
        style=("page.css", "identify.css"),
        script=("identify.js",),
    )


def _view(one: Identified) -> View:
    likely = [
        Likeness(alike, place, "" if alike.picture is None else Markup(address(alike.picture)))
        for place, alike in enumerate(one.lookalikes, start=1)
    ]
    pictures = [Markup(address(jpeg)) for jpeg in one.pictures[:MOST_PHOTOS]]
    return View(one, list(pictures), len(one.pictures) - len(pictures), likely[:AT_ONCE], likely[AT_ONCE:])
