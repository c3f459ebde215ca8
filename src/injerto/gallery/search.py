"""Search: every query against every individual, exactly, without a photo of the query's own sighting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from injerto.gallery.asked import Asked, Ranking
from injerto.gallery.index import Index

BLOCK_BYTES = 128 * 1024**2
"""Cosines of one block of queries to all photos take at most this much, and as much again by individual."""
MOST_QUERIES = 1024


@dataclass(frozen=True)
class Block:
    """Queries of one flank against all individuals. Cosines are kept photo by photo: (N,B) to photos, (I,B) to individuals."""

    places: np.ndarray
    """Which queries (B,) these are."""
    photos: np.ndarray
    nearest: np.ndarray
    centre: np.ndarray


def search(index: Index, queries: Tensor, asked: Asked, count: int) -> Ranking:
    """The `count` best individuals for each of `queries` (Q,D) unit rows, looking at every photo."""
    ranking = empty_ranking(len(queries), count)
    best = min(count, len(index.names))
    for block in _blocks(index, queries, asked):
        score = torch.from_numpy((block.nearest + block.centre) / 2)
        codes = score.topk(best, dim=0).indices.numpy()
        photos = _nearest_photos(index, block.photos, codes)
        columns = np.arange(len(block.places))
        fill(ranking, block.places, codes.T, block.nearest[codes, columns].T, block.centre[codes, columns].T, photos.T)
    return ranking


def scores(index: Index, queries: Tensor, asked: Asked) -> Tensor:
    """The score (Q,I) of every individual; -inf where it has no photo that may answer."""
    found = torch.empty(len(queries), len(index.names))
    for block in _blocks(index, queries, asked):
        found[torch.from_numpy(block.places)] = torch.from_numpy((block.nearest + block.centre).T / 2)
    return found


def empty_ranking(queries: int, count: int) -> Ranking:
    """A ranking in which nothing was found."""
    shape = (queries, count)
    none = torch.full(shape, -1, dtype=torch.int64)
    return Ranking(none, torch.full(shape, torch.nan), torch.full(shape, torch.nan), none.clone())


def fill(
    ranking: Ranking, places: np.ndarray, codes: np.ndarray, nearest: np.ndarray, centre: np.ndarray, photos: np.ndarray
) -> None:
    """Write what was found, (B,K) each, into the rows `places` (B,); an individual at -inf is none."""
    rows, width = torch.from_numpy(places), codes.shape[1]
    there = nearest > -np.inf
    ranking.codes[rows, :width] = torch.from_numpy(np.where(there, codes, -1))
    ranking.photo[rows, :width] = torch.from_numpy(np.where(there, photos, -1))
    for target, values in ((ranking.nearest, nearest), (ranking.centre, centre)):
        target[rows, :width] = torch.from_numpy(np.where(there, values, np.nan).astype(np.float32))


def _blocks(index: Index, queries: Tensor, asked: Asked) -> Iterator[Block]:
    if not index.names:
        return
    flanks = index.flank_codes(asked.flanks)
    most = min(MOST_QUERIES, max(1, BLOCK_BYTES // (4 * len(index.codes))))
    for flank in np.unique(flanks):
        same = np.flatnonzero(flanks == flank)
        other = index.other_flank(int(flank))
        for start in range(0, len(same), most):
            places = same[start : start + most]
            yield _block(index, queries[torch.from_numpy(places)], asked.take(places), int(flank), other, places)


def _block(index: Index, queries: Tensor, asked: Asked, flank: int, other: np.ndarray, places: np.ndarray) -> Block:
    photos = index.likeness.between(index.vectors, queries).numpy()
    photos[other] = -np.inf
    rows, columns = index.left_out(asked.sightings, asked.digests)
    photos[rows, columns] = -np.inf
    nearest = np.maximum.reduceat(photos[index.by_individual.order], index.by_individual.starts[:-1], axis=0)
    sums, lengths = index.sums(flank)
    centre = index.likeness.to_centres(sums, lengths, queries).numpy()
    within = ~other[rows]
    codes, at, cosines = moved_centres(index, queries, flank, rows[within], columns[within])
    centre[codes, at] = cosines
    return Block(places, photos, nearest, centre)


def moved_centres(
    index: Index, queries: Tensor, flank: int, rows: np.ndarray, columns: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cosines to centres without the photos left out, which would otherwise speak for themselves through the mean.

    `rows` and `columns` are the pairs of photo and query. Gives individual, query and cosine.
    """
    pairs, which = np.unique(index.codes[rows] * len(queries) + columns, return_inverse=True)
    individuals, at = pairs // len(queries), pairs % len(queries)
    sums = index.sums(flank)[0][torch.from_numpy(individuals)]
    sums.index_add_(0, torch.from_numpy(which), index.vectors[torch.from_numpy(rows)], alpha=-1)
    lengths = sums.norm(dim=1).clamp_min(1e-6)
    return individuals, at, index.likeness.pairs(sums / lengths[:, None], queries[torch.from_numpy(at)]).numpy()


def _nearest_photos(index: Index, photos: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The photo (K,B) of each of the individuals `codes` (K,B) that is nearest to its query, given all cosines (N,B)."""
    rows, which = index.by_individual.members(codes.ravel())
    return first_best(rows, which, photos[rows, which % codes.shape[1]]).reshape(codes.shape)


def first_best(rows: np.ndarray, which: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The row of the greatest of `values` in each of the groups `which`, which follow one another; the first of equals."""
    starts = np.flatnonzero(np.diff(which, prepend=-1))
    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    best = np.maximum.reduceat(values, starts)[which]
    places = np.where(values == best, np.arange(len(values)), len(values))
    found: np.ndarray = rows[np.minimum.reduceat(places, starts)]
    return found
