"""What is asked of a gallery, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from torch import Tensor


@dataclass(frozen=True)
class Asked:
    """What is known of Q queries beside their vectors; it decides which photos of the gallery may answer.

    Left out for a query are photos of the same sighting, the very same photo (by its digest), and photos of another flank,
    where both are known: a photo taken a second later would prove nothing, and a left side has none of the right one's marks.
    """

    sightings: Sequence[str | None]
    digests: Sequence[str | None]
    flanks: Sequence[str | None]

    @classmethod
    def nothing(cls, count: int) -> Self:
        """Of `count` queries nothing is known: all photos of the gallery may answer."""
        return cls([None] * count, [None] * count, [None] * count)

    @classmethod
    def of(cls, photos: pl.DataFrame) -> Self:
        """What a table of photos, as `photo_table` makes it, says of its rows as queries."""
        return cls(*(photos[name].to_list() for name in ("sighting", "digest", "flank")))

    def __post_init__(self) -> None:
        counts = [len(self.sightings), len(self.digests), len(self.flanks)]
        if len(set(counts)) > 1:
            raise ValueError("{} sightings, {} digests and {} flanks: one of each a query.".format(*counts))

    def __len__(self) -> int:
        return len(self.digests)

    def take(self, queries: np.ndarray) -> Self:
        """The queries at `queries`, in that order."""
        places = queries.tolist()
        return type(self)(*([values[place] for place in places] for values in (self.sightings, self.digests, self.flanks)))


@dataclass(frozen=True)
class Ranking:
    """For each of Q queries up to `count` individuals, the best score first. Score = (nearest + centre) / 2.

    Where fewer individuals have photos that may answer, codes and photos are -1 and cosines NaN.
    """

    codes: Tensor
    """(Q,count) int64: places in `Gallery.individuals`."""
    nearest: Tensor
    """(Q,count) float32: cosine to the individual's nearest photo that may answer."""
    centre: Tensor
    """(Q,count) float32: cosine to its centre, the mean of its photos that may answer."""
    photo: Tensor
    """(Q,count) int64: row of that nearest photo in `Gallery.photos`."""

    @property
    def scores(self) -> Tensor:
        """(Q,count) float32, NaN where there is no individual."""
        return (self.nearest + self.centre) / 2
