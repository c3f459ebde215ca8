"""Pairs among very many small pictures that may show the same: each is held against those nearest to it, not against all.

Comparing all pairs of 100,000 pictures takes minutes, of a million a day. Here work grows a little faster than the number of
pictures: k-means puts them into cells by their coarse shapes, and each looks for its like among those of a few cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from injerto.table.alike_pictures import alike_shapes, coarse_shapes, spanned, tangents
from injerto.table.ranks import ranks

CELLS_A_ROOT = 2
"""Cells for each unit of the square root of the number of pictures."""
CELLS_SEEN = 4
"""Of the cells, so many see a picture: with their own it is held against them."""
SAMPLE_A_CELL = 64
PASSES = 8
NEAREST = 16
"""Of those that see it, so many are kept by their coarse shapes."""
LIKEST = 3
"""And of those so many by what moving and brightening can do. A burst of frames is joined by any of its pairs."""
_BLOCK = 1024
_ROWS_AT_ONCE = 8192
_PAIRS_AT_ONCE = 65_536


@dataclass(frozen=True)
class NearPairs:
    """Places (P,) of pictures, `first` < `second`, that may show the same, likest first; how much of one the other spans."""

    first: np.ndarray
    second: np.ndarray
    spanned: np.ndarray


def near_pairs(pictures: np.ndarray, *, least_coarse: float, least_spanned: float) -> NearPairs:
    """Pairs of `pictures` (N,SIDE,SIDE) that are each other's likest, as far as both limits allow."""
    whole = coarse_shapes(pictures)
    alike = alike_shapes(whole)
    codes = np.unique(np.concatenate([*_by_cells(alike, least_coarse), np.empty(0, dtype=np.int64)]))
    first, second = np.divmod(codes, len(pictures))
    share = np.empty(len(first), dtype=np.float32)
    for start in range(0, len(first), _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        rows, place = np.unique(first[part], return_inverse=True)
        share[part] = spanned(tangents(pictures[rows]), place, whole[second[part]])
    kept = share >= least_spanned
    first, second, share = first[kept], second[kept], share[kept]
    kept = (ranks(first, share) < LIKEST) | (ranks(second, share) < LIKEST)
    order = np.argsort(-share[kept], kind="stable")
    return NearPairs(first[kept][order], second[kept][order], share[kept][order])


def _by_cells(alike: np.ndarray, least: float) -> Iterator[np.ndarray]:
    """Pairs, as first * N + second, of each picture with its nearest among those that its cell sees."""
    seen = _nearest_cells(alike, _centres(alike))
    count = int(seen.max()) + 1
    home, seen_by = _members(seen[:, 0], count), _members(seen.ravel(), count)
    for own, near in zip(home, seen_by, strict=True):
        others = near // seen.shape[1]
        for start in range(0, len(own), _BLOCK):
            rows = own[start : start + _BLOCK]
            cosines = alike[rows] @ alike[others].T
            cosines[rows[:, None] == others[None]] = -1
            best = np.argpartition(-cosines, min(NEAREST, len(others) - 1), axis=1)[:, :NEAREST]
            kept = np.take_along_axis(cosines, best, axis=1) >= least
            one, other = np.broadcast_to(rows[:, None], best.shape)[kept], others[best[kept]]
            yield np.minimum(one, other) * len(alike) + np.maximum(one, other)


def _members(cells: np.ndarray, count: int) -> list[np.ndarray]:
    """The places of each cell's entries in `cells` (n,)."""
    order = np.argsort(cells, kind="stable")
    return np.split(order, np.cumsum(np.bincount(cells, minlength=count))[:-1])


def _nearest_cells(alike: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The nearest centres (N,CELLS_SEEN) of each picture, its own cell first."""
    seen = np.empty((len(alike), min(CELLS_SEEN, len(centres))), dtype=np.int64)
    for start in range(0, len(alike), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        away = -(alike[part] @ centres.T)
        near = np.argpartition(away, seen.shape[1] - 1, axis=1)[:, : seen.shape[1]]
        order = np.argsort(np.take_along_axis(away, near, axis=1), axis=1, kind="stable")
        seen[part] = np.take_along_axis(near, order, axis=1)
    return seen


def _centres(alike: np.ndarray) -> np.ndarray:
    """Spherical k-means of a sample; the same pictures give the same centres."""
    random = np.random.default_rng(0)
    count = max(1, round(CELLS_A_ROOT * len(alike) ** 0.5))
    sample = alike[np.sort(random.choice(len(alike), min(len(alike), SAMPLE_A_CELL * count), replace=False))]
    centres = sample[random.choice(len(sample), min(len(sample), count), replace=False)]
    for _ in range(PASSES):
        parts = (sample[start : start + _ROWS_AT_ONCE] for start in range(0, len(sample), _ROWS_AT_ONCE))
        nearest = np.concatenate([(part @ centres.T).argmax(axis=1) for part in parts])
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, sample)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(length > 0, sums / np.maximum(length, 1e-12), centres)
    return np.asarray(centres)
