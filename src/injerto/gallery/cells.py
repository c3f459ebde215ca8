"""Cells: a large gallery sorted by k-means, so that a query looks at the photos near it and not at all of them.

Stored as two tensors beside the vectors. An index of another library was refused: a model folder holds nothing but text,
Parquet and safetensors, and a graph of its own kind would be neither. `usearch` on 100,000 vectors of 256 values: built in
600 s against 42 s here, asked in 0.6 ms by the clock against 6 ms of work here, the nearest photo found for 99.8 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from injerto.gallery.asked import Asked, Ranking
from injerto.gallery.grouped import spans
from injerto.gallery.index import Index
from injerto.gallery.search import empty_ranking, fill, first_best, moved_centres

LARGE = 100_000
"""Photos from which a gallery has cells. Below it, looking at all of them takes a few milliseconds."""
CELLS_A_ROOT = 2
"""Cells for each unit of the square root of the number of photos: 2,000 for a million."""
SAMPLE_A_CELL = 64
PASSES = 6
LOOKED_INTO = 48
"""Cells that a query looks into at first; more where too few individuals were found."""
PHOTOS_A_PLACE = 20
"""Photos found for each individual asked for; theirs are the individuals that are scored exactly."""
LEAST_PHOTOS = 200
ROWS_AT_ONCE = 16_384


@dataclass(frozen=True)
class Cells:
    """Rows 0 to N-1 lie in the order of their cell: the first `sizes[0]` in cell 0, and so on."""

    centres: Tensor
    """(C,D) unit rows."""
    sizes: Tensor
    """(C,) int64, N in all."""
    learned_from: int
    """Photos there were when the centres were found. When these have doubled, they are found anew."""

    @property
    def ends(self) -> np.ndarray:
        """(C+1,): where each cell begins, and N."""
        return np.concatenate([[0], np.cumsum(self.sizes.numpy())])

    def kept(self, rows: np.ndarray) -> Cells:
        """The same cells when only `rows`, in rising order, are left."""
        cells = np.searchsorted(self.ends, rows, side="right") - 1
        sizes = np.bincount(cells, minlength=len(self.centres))
        return Cells(self.centres, torch.from_numpy(sizes.astype(np.int64)), self.learned_from)


def arranged(vectors: Tensor, before: Cells | None) -> tuple[Cells, Tensor]:
    """Cells for `vectors` (N,D) and the order (N,) in which the photos must lie for them.

    Rows that stood in cells already (the first ones) keep theirs, and new ones go to the nearest, without training.
    """
    if before is None or len(vectors) >= 2 * before.learned_from:
        centres = _centres(vectors)
        places = nearest_cells(vectors, centres)
        learned_from = len(vectors)
    else:
        centres, learned_from = before.centres, before.learned_from
        old = torch.repeat_interleave(torch.arange(len(centres)), before.sizes)
        places = torch.cat([old, nearest_cells(vectors[len(old) :], centres)])
    order = torch.argsort(places, stable=True)
    return Cells(centres, torch.bincount(places, minlength=len(centres)), learned_from), order


def nearest_cells(vectors: Tensor, centres: Tensor) -> Tensor:
    """The nearest centre (N,) int64 of each row."""
    parts = [(part @ centres.T).argmax(dim=1) for part in vectors.split(ROWS_AT_ONCE)]
    return torch.cat(parts) if parts else torch.zeros(0, dtype=torch.int64)


def _centres(vectors: Tensor) -> Tensor:
    """Spherical k-means of a sample; the same vectors give the same centres."""
    generator = torch.Generator().manual_seed(0)
    count = max(1, round(CELLS_A_ROOT * len(vectors) ** 0.5))
    sample = vectors[torch.randperm(len(vectors), generator=generator)[: SAMPLE_A_CELL * count]]
    centres = sample[:count].clone()
    for _ in range(PASSES):
        places = nearest_cells(sample, centres)
        sums = torch.zeros_like(centres).index_add_(0, places, sample)
        alone = torch.bincount(places, minlength=count) == 0
        centres = torch.where(alone[:, None], centres, normalize(sums, dim=1))
    return centres


def search_cells(index: Index, cells: Cells, queries: Tensor, asked: Asked, count: int) -> Ranking:
    """The `count` best individuals for each of `queries` (Q,D) among those with a photo in the cells near it.

    The individuals found are scored with all their photos, so a score is what exact search gives.
    """
    ranking = empty_ranking(len(queries), count)
    flanks = index.flank_codes(asked.flanks)
    rows, columns = index.left_out(asked.sightings, asked.digests)
    other = {int(flank): index.other_flank(int(flank)) for flank in np.unique(flanks)}
    ends = cells.ends
    for place in range(len(queries)):
        flank = int(flanks[place])
        refused = rows[columns == place]
        look = _Look(index, queries[place], flank, other[flank], refused)
        near = (cells.centres @ queries[place]).argsort(descending=True).numpy()
        codes = look.individuals(near, ends, count)
        if len(codes):
            fill(ranking, np.array([place]), *(found[None] for found in look.ranked(codes, count)))
    return ranking


class _Look:
    """One query in a large gallery."""

    def __init__(self, index: Index, query: Tensor, flank: int, other: np.ndarray, refused: np.ndarray) -> None:
        self.index = index
        self.query = query
        self.flank = flank
        self.other = other
        self.refused = refused

    def individuals(self, near: np.ndarray, ends: np.ndarray, count: int) -> np.ndarray:
        """The individuals of the nearest photos in the cells `near`, the nearest cell first."""
        looked = LOOKED_INTO
        while True:
            cells = near[:looked]
            photos = [
                self.index.vectors[start:end] @ self.query for start, end in zip(ends[cells], ends[cells + 1], strict=True)
            ]
            cosines = torch.cat(photos).numpy()
            rows, _ = spans(ends[cells], ends[cells + 1])
            self._leave_out(rows, cosines)
            most = max(LEAST_PHOTOS, PHOTOS_A_PLACE * count)
            best = np.argpartition(-cosines, most)[:most] if len(cosines) > most else np.arange(len(cosines))
            found: np.ndarray = np.unique(self.index.codes[rows[best[cosines[best] > -np.inf]]])
            if len(found) >= min(count, len(self.index.names)) or looked >= len(near):
                return found
            looked *= 4

    def ranked(self, codes: np.ndarray, count: int) -> tuple[np.ndarray, ...]:
        """Of the individuals `codes` the `count` best: codes, nearest, centre, photo."""
        rows, which = self.index.by_individual.members(codes)
        cosines = self.index.likeness.between(self.index.vectors[torch.from_numpy(rows)], self.query[None])[:, 0].numpy()
        self._leave_out(rows, cosines)
        nearest = np.maximum.reduceat(cosines, np.flatnonzero(np.diff(which, prepend=-1)))
        photos = first_best(rows, which, cosines)
        sums, lengths = self.index.sums(self.flank)
        chosen = torch.from_numpy(codes)
        centre = self.index.likeness.to_centres(sums[chosen], lengths[chosen], self.query[None])[:, 0].numpy()
        within = self.refused[~self.other[self.refused]]
        moved, _, moved_cosines = moved_centres(self.index, self.query[None], self.flank, within, np.zeros_like(within))
        places = np.searchsorted(codes, moved)
        known = (places < len(codes)) & (codes[np.minimum(places, len(codes) - 1)] == moved)
        centre[places[known]] = moved_cosines[known]
        best = np.argsort(-(nearest + centre), kind="stable")[:count]
        return codes[best], nearest[best], centre[best], photos[best]

    def _leave_out(self, rows: np.ndarray, cosines: np.ndarray) -> None:
        cosines[self.other[rows] | np.isin(rows, self.refused)] = -np.inf
