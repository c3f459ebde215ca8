"""The gallery: photos and vectors of the individuals that are known. It grows and shrinks without training."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import polars as pl
import torch
from torch import Tensor
from torch.nn.functional import normalize

from injerto.errors import GalleryError, did_you_mean
from injerto.gallery.accept import accept, listed, two_spellings
from injerto.gallery.asked import Asked, Ranking
from injerto.gallery.cells import LARGE, ROWS_AT_ONCE, Cells, arranged, search_cells
from injerto.gallery.index import Index
from injerto.gallery.named import rows_named
from injerto.gallery.photos import clean_name, no_photos, photo_table
from injerto.gallery.search import scores, search
from injerto.likeness import COSINE, Likeness
from injerto.table.ledger import Ledger


@dataclass(frozen=True, eq=False)
class Gallery:
    """Photos of known individuals with their vectors. A gallery is never changed; its verbs give another.

    `photos` has the columns of `gallery/photos.py`; `vectors` (N,D) float32 are unit rows, rounded to half precision as they
    are stored, so that a gallery answers the same before and after it is saved. Photos lie in the order they were added or,
    where there are `cells`, in the order of these.
    """

    photos: pl.DataFrame
    vectors: Tensor
    made_by: str = ""
    """The fingerprint of the network that made the vectors: those of another cannot be compared with them."""
    likeness: Likeness = COSINE
    """How alike photos are by their vectors: as the network learned to make them."""
    cells: Cells | None = None
    stored: str = ""
    """SHA-256 of the table it was read from; empty for one that was never stored."""

    @classmethod
    def empty(cls, width: int, made_by: str = "", likeness: Likeness = COSINE) -> Self:
        """A gallery of nobody, for vectors of `width` values."""
        return cls(no_photos(), torch.zeros(0, width), made_by=made_by, likeness=likeness)

    def __len__(self) -> int:
        return self.photos.height

    @property
    def width(self) -> int:
        """D, the values of a vector."""
        return self.vectors.shape[1]

    @cached_property
    def index(self) -> Index:
        """What search reads, worked out once."""
        return Index(self.photos, self.vectors, self.likeness)

    @property
    def individuals(self) -> list[str]:
        """The names of all individuals that have photos, sorted; codes count in them."""
        return self.index.names

    def members(self) -> list[dict[str, Any]]:
        """Each individual as JSON: its name, how many sightings it has, and its photos without vectors and thumbnails."""
        frame = self.photos.drop("thumbnail").sort("individual", maintain_order=True)
        return [
            {
                "name": name,
                "sightings": part["sighting"].drop_nulls().n_unique(),
                "photos": part.drop("individual").to_dicts(),
            }
            for (name,), part in frame.group_by("individual", maintain_order=True)
        ]

    def search(self, queries: Tensor, asked: Asked, count: int, *, exact: bool = False) -> Ranking:
        """The `count` best individuals for each of `queries` (Q,D) unit rows.

        A gallery with cells looks into those near the query; `exact` looks at every photo.
        """
        queries = self._fitting(queries, asked)
        with torch.no_grad():
            if self.cells is None or exact:
                return search(self.index, queries, asked, count)
            return search_cells(self.index, self.cells, queries, asked, count)

    def scores(self, queries: Tensor, asked: Asked) -> Tensor:
        """The score (Q,I) of every individual, looking at every photo; -inf where it has none that may answer."""
        queries = self._fitting(queries, asked)
        with torch.no_grad():
            return scores(self.index, queries, asked)

    def nearest(self, queries: Tensor, asked: Asked, individual: str) -> int | None:
        """The row in `photos` of the photo of `individual` that is nearest to any of `queries` (Q,D) it may answer, if any."""
        index = self.index
        (code,) = index.individual_codes([individual]).tolist()
        if code < 0:
            return None
        own, _ = index.by_individual.members(np.array([code]))
        cosines = self.likeness.between(self.vectors[torch.from_numpy(own)], queries.float()).numpy()
        rows, columns = index.left_out(asked.sightings, asked.digests)
        place = {int(row): at for at, row in enumerate(own)}
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if row in place:
                cosines[place[row], column] = -np.inf
        for column, flank in enumerate(index.flank_codes(asked.flanks).tolist()):
            cosines[index.other_flank(flank)[own], column] = -np.inf
        best = cosines.max(axis=1)
        return int(own[best.argmax()]) if best.max() > -np.inf else None

    def added(self, photos: pl.DataFrame, vectors: Tensor) -> Change:
        """With more `photos`, whose `vectors` (n,D) come in the same order.

        What was passed over or refused is said in the change. *Raises* GalleryError when the columns or vectors do not fit.
        """
        new = photo_table(photos)
        vectors = _rounded(self._require_vectors(vectors, len(new)))
        accepted = accept(self.photos, new)
        if len(accepted.rows) < len(new):
            new, vectors = new[accepted.rows], vectors[torch.from_numpy(accepted.rows)]
        whole = torch.cat([self.vectors, vectors]) if len(self) else vectors  # a copy of 2 GB for a million photos
        gallery = self._with(pl.concat([self.photos, new]), whole)
        return Change(gallery, len(accepted.rows), accepted.notes, accepted.problems)

    def removed(self, names: Iterable[str]) -> Change:
        """Without individuals or photos; a photo may also be named by the first eight or more signs of its digest.

        *Raises* GalleryError naming the nearest where there is none of a name, before anything is removed.
        """
        gone = rows_named(self.photos, names)
        kept = np.setdiff1d(np.arange(len(self)), gone)
        cells = None if self.cells is None or len(kept) < LARGE // 2 else self.cells.kept(kept)
        photos = self.photos[kept]
        gallery = replace(self, photos=photos, vectors=self.vectors[torch.from_numpy(kept)], cells=cells)
        left = set(photos["individual"])
        lost = sorted(set(self.photos["individual"].gather(gone)) - left)
        notes = [f"No photo is left of {listed(lost)}."] if lost else []
        return Change(gallery, len(gone), notes, [])

    def renamed(self, old: str, new: str) -> Change:
        """With `old` called `new`. Where there is a `new` already, both are taken for the same individual and joined.

        *Raises* GalleryError when there is no `old`, or the names are the same.
        """
        old, new = clean_name(old), clean_name(new)
        self._require_individual(old)
        if not new:
            raise GalleryError(f"'{old}' cannot be given an empty name.")
        if old == new:
            raise GalleryError(f"'{old}' is called so already.")
        joined = new in self.individuals
        name = pl.col("individual")
        photos = self.photos.with_columns(pl.when(name == old).then(pl.lit(new)).otherwise(name).alias("individual"))
        count = int((self.photos["individual"] == old).sum())
        notes = [f"'{old}' and '{new}' are one individual now, '{new}'."] if joined else []
        problems = [] if joined else two_spellings(set(self.individuals) - {old}, [new])
        return Change(replace(self, photos=photos), count, notes, problems)

    def merged(self, other: Gallery) -> Change:
        """With the photos of another gallery of the same network; a name that both have is taken for one individual.

        *Raises* GalleryError when another network made its vectors.
        """
        if other.made_by != self.made_by or other.width != self.width:
            raise GalleryError(
                "The other gallery was made by another network: its vectors say nothing beside these. Add its photos instead, "
                "from the table they came from: injerto gallery add MODEL TABLE."
            )
        both = sorted(set(self.individuals) & set(other.individuals))
        change = self.added(other.photos, other.vectors)
        notes = [f"In both galleries, and taken for the same: {listed(both)}."] if both else []
        return replace(change, notes=notes + change.notes)

    def _with(self, photos: pl.DataFrame, vectors: Tensor) -> Gallery:
        cells = None
        if len(photos) >= LARGE:
            with torch.no_grad():
                cells, order = arranged(vectors, self.cells)
            photos, vectors = photos[order.numpy()], vectors[order]
        return replace(self, photos=photos, vectors=vectors, cells=cells)

    def _require_individual(self, name: str) -> None:
        if name not in self.individuals:
            raise GalleryError(f"The gallery has no individual '{name}'.{did_you_mean(name, self.individuals)}")

    def _require_vectors(self, vectors: Tensor, count: int) -> Tensor:
        if vectors.shape != (count, self.width):
            raise GalleryError(
                f"{count} photos need vectors of shape ({count}, {self.width}); these have {tuple(vectors.shape)}."
            )
        lengths = vectors.float().norm(dim=1)
        bad = ~(lengths.isfinite() & (lengths > 0))
        if bad.any():
            raise GalleryError(
                f"The vector of photo {int(bad.nonzero()[0, 0])} has no direction (its length is 0 or no number)."
            )
        return vectors

    def _fitting(self, queries: Tensor, asked: Asked) -> Tensor:
        """`queries` as search takes them. *Raises* GalleryError when they do not fit the gallery or what is asked."""
        if queries.shape != (len(asked), self.width):
            raise GalleryError(
                f"{len(asked)} queries need vectors of shape ({len(asked)}, {self.width}); these have {tuple(queries.shape)}."
            )
        found = queries.detach().cpu().float()
        bad = ~found.isfinite().all(dim=1)
        if bad.any():
            raise GalleryError(f"The vector of query {int(bad.nonzero()[0, 0])} holds values that are no numbers.")
        return found


@dataclass(frozen=True)
class Change:
    """What came of a change: the new gallery, how many photos it concerned, and what there is to say."""

    gallery: Gallery
    photos: int
    notes: list[str]
    """Nothing to be done about."""
    problems: list[str]
    """To be looked at by a person, each with what to do; the photos concerned were not added, or names are kept apart."""
    ledger: Ledger = field(default_factory=Ledger)
    """Rows of a table whose photos could not be used."""


def _rounded(vectors: Tensor) -> Tensor:
    """Unit rows, as half precision holds them. A part at a time, as there may be a million."""
    whole = torch.empty(vectors.shape)
    for given, rounded in zip(vectors.detach().split(ROWS_AT_ONCE), whole.split(ROWS_AT_ONCE), strict=True):
        rounded.copy_(normalize(given.float(), dim=1).half())
    return whole
