"""Columns of levels on their way into a graph: texts are looked up within it."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.export.entry import Entry, Port
from injerto.export.nodes import Nodes
from injerto.features.categories import CategoriesFeature
from injerto.features.category import CategoryFeature
from injerto.features.levels import PADDING, LevelsFeature
from injerto.features.spelling import plain
from injerto.features.vocabulary import FIRST, MISSING, UNKNOWN, HashedVocabulary

L = TypeVar("L", bound=LevelsFeature)

_LAST = 2**40
"""Beyond every id."""


class LevelsEntry(Entry[L]):
    """What columns of one level and of several share: a text is a level, the empty text is none."""

    none: int
    """What the empty text becomes."""

    @property
    def hashed(self) -> int:
        """Rows of a vocabulary that is no list; 0 for a list. ONNX has no hash: the script works it out."""
        vocabulary = self.feature.vocabulary_
        return vocabulary.size if isinstance(vocabulary, HashedVocabulary) else 0

    def port(self, by: str, shape: tuple[int | str, ...], words: str, **told: Any) -> Port:
        """The one port of the column."""
        name, size = self.feature.name, self.hashed
        if not size:
            return Port(name, "STRING", shape, words, {"by": by, "columns": [name], **told})
        words = f"{words}, as the rest of its hash (see the script) divided by {size}; -1 for the empty text"
        return Port(name, "INT64", shape, words, {"by": by, "columns": [name], "hash": size, **told})

    def nodes(self, nodes: Nodes) -> list[str]:
        if not self.hashed:
            keys = spelled(self.feature) | {"": self.none}
            return [nodes.looked_up(self.feature.name, list(keys), list(keys.values()), UNKNOWN)]
        known = np.array([count > 0 for count in self.feature.counts_[FIRST:]])
        ids = np.where(known, FIRST + np.arange(len(known)), UNKNOWN)
        table = nodes.constant(np.append(ids, self.none), np.int64)  # the last place is that of -1
        return [nodes.add("Gather", table, self.feature.name)]


class CategoryEntry(LevelsEntry[CategoryFeature]):
    """A text a row."""

    none = MISSING

    def ports(self) -> list[Port]:
        words = "a level as text without outer spaces; the empty text where it is missing"
        return [self.port("level", (self.rows,), words)]

    def examples(self, count: int) -> list[Tensor]:
        return [torch.zeros(count, dtype=torch.int64)]

    def encode(self, given: list[Tensor]) -> Tensor:
        """Ids (N,), as `CategoryFeature.encode`."""
        return given[0]


class CategoriesEntry(LevelsEntry[CategoriesFeature]):
    """Texts a row, side by side; rows with fewer are filled up with the empty text."""

    none = PADDING

    def ports(self) -> list[Port]:
        words = "the levels of a row side by side, in any order, filled up with the empty text"
        shape = (self.rows, f"levels of {self.feature.name}")
        return [self.port("levels", shape, words, separator=self.feature.options.separator)]

    def examples(self, count: int) -> list[Tensor]:
        return [torch.zeros(count, 3, dtype=torch.int64)]

    def encode(self, given: list[Tensor]) -> Tensor:
        """Ids (N,L), -1 where there is none, to (N,places), as `CategoriesFeature.encode`."""
        (ids,) = given
        places = self.feature.places_
        # The most frequent first, several unknown ones as one behind them, then nothing.
        order = torch.where(ids == UNKNOWN, _LAST, torch.where(ids == PADDING, _LAST + 1, ids))
        order = torch.cat([order, torch.full_like(order[:, :1], _LAST + 1).expand(-1, places)], dim=1).sort(dim=1).values
        again = torch.cat([torch.zeros_like(order[:, :1]), (order[:, 1:] == order[:, :-1]).long()], dim=1) > 0
        kept = torch.where(again, _LAST + 1, order).sort(dim=1).values[:, :places]
        found = torch.where(kept == _LAST, UNKNOWN, torch.where(kept > _LAST, PADDING, kept))
        nothing = (found == PADDING).all(dim=1, keepdim=True)
        first = torch.arange(places)[None] == 0
        return torch.where(nothing & first, MISSING, found)


def spelled(feature: LevelsFeature) -> dict[str, int]:
    """Ids by text: the levels, and other spellings of truth values and whole numbers."""
    levels = feature.row_names[FIRST:]
    keys: dict[str, int] = {}
    for place, level in enumerate(levels, start=FIRST):
        keys.setdefault(level, place)
    for place, (level, own) in enumerate(zip(levels, plain(pl.Series(levels, dtype=pl.String)), strict=True), start=FIRST):
        for other in _others(level, own):
            keys.setdefault(other, place)
    return keys


def _others(level: str, own: str) -> list[str]:
    if own in ("true", "false"):
        return [own, own.capitalize(), own.upper()]
    return [own, f"{own}.0"] if own.lstrip("+-").isdecimal() else []
