"""What a model reads, as a form or a program must give it: the columns with their kinds, ranges and usual values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from injerto.features.date import DateFeature
from injerto.features.feature import Feature, MediaFeature
from injerto.features.levels import LevelsFeature
from injerto.features.number import NumberFeature
from injerto.features.sound import SoundFeature
from injerto.features.vocabulary import ListedVocabulary
from injerto.features.whole_photo import WholePhotoFeature
from injerto.individual_network import IndividualNetwork
from injerto.learner import Learner
from injerto.network import Network

FieldKind = Literal["number", "category", "categories", "date", "image", "sound"]
SUGGESTED = 500
"""Levels that are told of a column, the most frequent ones."""


@dataclass(frozen=True)
class Field:
    """One column of a row."""

    name: str
    kind: FieldKind
    needed: bool = True
    """Whether a request must name it; its cells may be empty all the same."""
    separator: str = ";"
    """Between the levels of a cell of `categories` that comes as text."""
    suggestions: tuple[str, ...] = ()
    least: float | str | None = None
    """The smallest number or the first date of the training rows."""
    greatest: float | str | None = None

    @property
    def is_file(self) -> bool:
        """Whether its cells are the bytes of files."""
        return self.kind in ("image", "sound")

    def told(self) -> dict[str, Any]:
        """As JSON, for a page that makes a form of it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "needed": self.needed,
            "separator": self.separator,
            "suggestions": list(self.suggestions),
            "least": self.least,
            "greatest": self.greatest,
        }


def fields_of(network: Learner) -> tuple[Field, ...]:
    """The columns that `network` reads, each once, in the order in which it was told of them."""
    found: dict[str, Field] = {}
    for feature in network.features:
        for field in _fields(feature, needed=isinstance(network, Network) or isinstance(feature, MediaFeature)):
            found.setdefault(field.name, field)
    if isinstance(network, IndividualNetwork):
        options = network.head.options
        for name, known in ((options.sighting, ()), (options.flank, network.head.flanks_)):
            if name is not None:
                found.setdefault(name, Field(name, "category", needed=False, suggestions=tuple(known)))
    return tuple(found.values())


def _fields(feature: Feature, *, needed: bool) -> Iterator[Field]:
    name = feature.name
    if isinstance(feature, LevelsFeature):
        known = feature.vocabulary_.levels_[:SUGGESTED] if isinstance(feature.vocabulary_, ListedVocabulary) else ()
        kind: FieldKind = "categories" if feature.options.kind == "categories" else "category"
        yield Field(name, kind, needed, feature.options.separator, tuple(known))
    elif isinstance(feature, NumberFeature):
        yield Field(name, "number", needed, least=feature.low_, greatest=feature.high_)
    elif isinstance(feature, DateFeature):
        learned = feature.state()
        yield Field(name, "date", needed, least=learned["first"], greatest=learned["last"])
    elif isinstance(feature, MediaFeature):
        yield Field(name, "sound" if isinstance(feature, SoundFeature) else "image", needed)
        for side in feature.options.times if isinstance(feature, SoundFeature) else ():
            yield Field(side, "number", needed)
        for side in feature.box if isinstance(feature, WholePhotoFeature) else ():
            yield Field(side, "number", needed)
