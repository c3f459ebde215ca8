"""Introduce a column of files to the backbone that will look at it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from injerto.backbones import catalogue
from injerto.features.feature import Feature, MediaFeature

F = TypeVar("F", bound=Feature)


def suited(feature: F) -> F:
    """A feature of files told its backbone and resolution; any other feature as it is.

    *Raises* BackboneError when the options name a backbone that is unknown or for another kind of column.
    """
    if isinstance(feature, MediaFeature):
        entry = catalogue.choose(feature.options.kind, feature.options.backbone)
        feature.suit(entry.name, entry.resolution)
    return feature


def backbone_names(features: Iterable[Feature]) -> list[str]:
    """Catalogue names of the backbones that suited features need, each once, sorted."""
    return sorted({feature.backbone_ for feature in features if isinstance(feature, MediaFeature)})
