"""How alike two photos are by their vectors: the cosine or, where animals stand otherwise in each photo, place by place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

_BLOCK = 2**20
"""Pairs of places that are compared at once: 4 MB, of photos by the ten thousand there would be a terabyte."""
_AWAY = 4.0
"""Taken off the likeness of places too far from each other, which is at most 1."""
_LEAST = 1e-12


@dataclass(frozen=True)
class Likeness:
    """Of unit rows. With a `side`, each row is a map: the descriptors of its places one after the other, each as long as the
    root of how much it tells, so that all together are of length 1.

    Each place is then compared with the one most like it, of those at most `reach` places away, and the cosines are averaged
    by what the places tell: once from each of the two photos, so that a pair is as alike one way round as the other.

    *Source*: the sum of greatest likenesses of Khattab and Zaharia, ColBERT, SIGIR 2020, of places in place of words, and with
    a reach.
    """

    side: int = 0
    """Places of the map, high and wide; 0 for rows that are compared as they are."""
    reach: int = 0

    def between(self, photos: Tensor, queries: Tensor) -> Tensor:
        """How alike (N,Q) the rows (N,D) and (Q,D) are, at most 1."""
        if not self.side:
            return photos @ queries.T
        if not len(photos) or not len(queries):
            return photos.new_zeros(len(photos), len(queries))
        most = max(1, _BLOCK // (self.side**4 * len(queries)))
        return torch.cat([self.at_once(part, queries) for part in photos.split(most)])

    def to_centres(self, sums: Tensor, lengths: Tensor, queries: Tensor) -> Tensor:
        """How alike (I,Q) centres are, given as sums (I,D) and their lengths (I,), to (Q,D)."""
        if not self.side:
            return sums @ queries.T / lengths[:, None]  # without a copy of the sums, of which there may be very many
        return self.between(sums / lengths[:, None], queries)

    def pairs(self, first: Tensor, second: Tensor) -> Tensor:
        """How alike (P,) the rows of (P,D) are to those of (P,D), each to its own."""
        if not self.side:
            return (first * second).sum(dim=1)
        found = [self.at_once(one[None], other[None])[0] for one, other in zip(first, second, strict=True)]
        return torch.cat(found) if found else first.new_zeros(0)

    def place_by_place(self, photo: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
        """Of two rows (D,) with a `side`, cosines (P,P) of the places of the one with those of the other, far below -1 out of
        reach, and how much each place of the one tells (P,).
        """
        (mine, told), (asked, _) = self._places(photo[None]), self._places(other[None])
        cosines: Tensor = mine[0] @ asked[0].T - self._away.to(mine)
        return cosines, told[0]

    def at_once(self, photos: Tensor, queries: Tensor) -> Tensor:
        """As `between` of maps, all pairs of places at the same time: for few photos, and graphs, which cannot take turns."""
        (mine, told), (asked, wanted) = self._places(photos), self._places(queries)
        count = self.side**2
        cosines: Tensor = (mine.flatten(0, 1) @ asked.flatten(0, 1).T).unflatten(1, (-1, count)).unflatten(0, (-1, count))
        near = cosines - self._away.to(cosines)[:, None]
        from_photos = (near.amax(dim=3) * told[:, :, None]).sum(dim=1)
        from_queries = (near.amax(dim=1) * wanted).sum(dim=2)
        alike: Tensor = (from_photos + from_queries) / 2
        return alike

    def _places(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Unit descriptors (N,places,K) of the places of maps (N,D), and how much each tells (N,places)."""
        places = rows.unflatten(1, (self.side**2, -1))
        tells = places.square().sum(dim=2)
        return places / (tells + _LEAST).sqrt()[:, :, None], tells

    @cached_property
    def _away(self) -> Tensor:
        """(places,places): 0 for places within reach of each other."""
        at = torch.arange(self.side**2)
        apart = torch.maximum(
            (at[:, None] // self.side - at // self.side).abs(), (at[:, None] % self.side - at % self.side).abs()
        )
        return _AWAY * (apart > self.reach)


COSINE = Likeness()
