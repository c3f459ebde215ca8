"""The manners of every embedder of levels: a lookup for each width, and some ids hidden while training."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from injerto.draws import kept
from injerto.embedders.embedder import Embedder
from injerto.embedders.lookup import Lookup
from injerto.features.levels import LevelsFeature
from injerto.features.vocabulary import FIRST, UNKNOWN

HIDDEN = 13
"""Of 256 ids, those hidden as UNKNOWN while training, so that the UNKNOWN row is trained on honest examples: one in twenty."""


class LevelsEmbedder(Embedder):
    """Columns of levels; those whose rows have the same width share a matrix, so that one lookup serves them all."""

    def __init__(self, features: Sequence[LevelsFeature]) -> None:
        super().__init__()
        places: dict[str, list[int]] = {}
        start = 0
        for feature in features:
            places[feature.name] = list(range(start, start + feature.places_))
            start += feature.places_
        groups: dict[tuple[int, str], list[LevelsFeature]] = {}
        for feature in features:
            # Planted rows learn at a rate of their own, and so stand apart.
            apart = (feature.options.vocabulary or feature.name) if feature.options.plant else ""
            groups.setdefault((feature.width_, apart), []).append(feature)
        self.groups = [groups[key] for key in sorted(groups)]
        self.lookups = nn.ModuleList(Lookup(group) for group in self.groups)
        # One group is the block as it stands: nothing to pick.
        self.picked = [torch.tensor([place for feature in group for place in places[feature.name]]) for group in self.groups]
        self.width = sum(feature.width_ for feature in features)

    def rows(self, block: Tensor) -> list[Tensor]:
        """Ids (B,F) to the rows of each group (B,P,width), some hidden while training."""
        if self.training:
            seen = torch.from_numpy(kept(block.shape, HIDDEN)).to(block.device)
            block = block.where(seen | (block < FIRST), UNKNOWN)
        if len(self.lookups) == 1:
            return [self.lookups[0](block)]
        parts = zip(self.lookups, self.picked, strict=True)
        return [lookup(block.index_select(1, picked.to(block.device))) for lookup, picked in parts]

    def matrix(self, name: str) -> Tensor:
        """The learned rows of one column: UNKNOWN, MISSING, then its levels in order. *Shape* (levels + 2, width)."""
        return self.lookup(name).matrix(name)

    def lookup(self, name: str) -> Lookup:
        """The matrix in which the rows of a column are."""
        return next(lookup for lookup in self.tables if name in lookup.names)

    @property
    def tables(self) -> list[Lookup]:
        """The lookups, one for each width."""
        return [lookup for lookup in self.lookups if isinstance(lookup, Lookup)]
