"""A gallery as search reads it: its photos by individual, sighting, digest and flank, and each individual's sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.gallery.grouped import Grouped, spans
from injerto.likeness import COSINE, Likeness

NO_FLANK = -1
"""The code of a photo or query that does not say which side is seen: it is compared with all."""


class Keys:
    """The rows of a column of texts by their text, as 64-bit hashes: a million digests take 16 MB and no Python object each."""

    def __init__(self, texts: pl.Series) -> None:
        known = np.flatnonzero(texts.is_not_null().to_numpy())
        hashes = texts.gather(known).hash().to_numpy()
        order = np.argsort(hashes, kind="stable")
        self.hashes, self.rows = hashes[order], known[order]

    def find(self, texts: Sequence[str | None]) -> tuple[np.ndarray, np.ndarray]:
        """The rows that hold one of `texts`, and for each row the place of its text; an empty text is held by none."""
        asked = pl.Series(texts, dtype=pl.String).str.strip_chars()
        known = np.flatnonzero(asked.is_not_null().to_numpy())
        hashes = asked.gather(known).hash().to_numpy()
        places, which = spans(np.searchsorted(self.hashes, hashes, "left"), np.searchsorted(self.hashes, hashes, "right"))
        return self.rows[places], known[which]


class Index:
    """What is worked out once for a gallery that does not change.

    `vectors` (N,D) unit rows; `codes` (N,) the place of each photo's individual in `names`, which are sorted.
    """

    def __init__(self, photos: pl.DataFrame, vectors: Tensor, likeness: Likeness = COSINE) -> None:
        self.vectors, self.likeness = vectors, likeness
        self.names: list[str] = photos["individual"].unique().sort().to_list()
        self.codes = _codes(photos["individual"], self.names)
        self.by_individual = Grouped(self.codes, len(self.names))
        self.sightings, self.digests = Keys(photos["sighting"]), Keys(photos["digest"])
        self.flanks: list[str] = photos["flank"].drop_nulls().unique().sort().to_list()
        self.flank = _codes(photos["flank"], self.flanks)
        self._sums: dict[int, tuple[Tensor, Tensor]] = {}

    def individual_codes(self, names: Sequence[str | None]) -> np.ndarray:
        """The places (Q,) of `names` among the individuals, -1 for one that is not there or empty."""
        return _codes(pl.Series(names, dtype=pl.String), self.names)

    def flank_codes(self, flanks: Sequence[str | None]) -> np.ndarray:
        """The codes (Q,) of the sides that queries show. A side that no photo of the gallery shows has a code of its own."""
        places = {name: code for code, name in enumerate(self.flanks)}
        return np.array(
            [places.get(one.strip(), len(places)) if one and one.strip() else NO_FLANK for one in flanks], dtype=np.int64
        )

    def other_flank(self, flank: int) -> np.ndarray:
        """Which photos (N,) bool show another side than `flank`."""
        if flank == NO_FLANK:
            return np.zeros(len(self.codes), dtype=bool)
        other: np.ndarray = (self.flank != NO_FLANK) & (self.flank != flank)
        return other

    def sums(self, flank: int) -> tuple[Tensor, Tensor]:
        """The sum (I,D) of each individual's photos that queries showing `flank` may be compared with, and its length (I,).

        Brought to length 1 it is the centre.
        """
        if flank not in self._sums:
            sums = self.vectors.new_zeros(len(self.names), self.vectors.shape[1])
            seen = np.flatnonzero(~self.other_flank(flank))
            vectors = self.vectors if len(seen) == len(self.codes) else self.vectors[torch.from_numpy(seen)]
            sums.index_add_(0, torch.from_numpy(self.codes[seen]), vectors)
            self._sums[flank] = sums, sums.norm(dim=1).clamp_min(1e-6)
        return self._sums[flank]

    def left_out(self, sightings: Sequence[str | None], digests: Sequence[str | None]) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of photo and query that are of one sighting or the very same photo, each pair once."""
        found = [self.sightings.find(sightings), self.digests.find(digests)]
        rows, queries = (np.concatenate([pair[part] for pair in found]) for part in (0, 1))
        pairs = np.unique(rows * max(len(sightings), 1) + queries)
        return pairs // max(len(sightings), 1), pairs % max(len(sightings), 1)


def _codes(values: pl.Series, names: list[str]) -> np.ndarray:
    """The place (N,) int64 of each value among `names`, -1 for an empty one."""
    places = values.replace_strict(names, list(range(len(names))), default=None, return_dtype=pl.Int64)
    return places.fill_null(-1).to_numpy().copy()
