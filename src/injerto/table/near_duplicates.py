"""Photos that show the same picture: copies, recompressed, resized, cropped, brightened. On two sides of a split they leak."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

from injerto.table.alike_pictures import SIDE, alike_shapes, coarse_shapes, likeness, spanned, tangents, unit
from injerto.table.components import components
from injerto.table.near_pictures import near_pairs

LEAST_LIKENESS = 0.95
"""Of two thumbnails laid over each other. Of ants, bees and antelopes brightened by 20 to 50 % until they clip, 1 in 100 stays
below 0.96, of those cropped by 5 % or recompressed, below 0.98; their different photos reach 0.93. Aligned photos of one whale
reach 0.98 where they are frames of one burst, which belong together."""
STRICTEST = 0.985
NEARLY, FEW = 0.02, 0.2
"""Photos that are alike by their kind, as faces looking ahead, are the fewer the more alike; twins are the more. The limit
rises until just below it there are at most a fifth of the pairs just above it, to STRICTEST at most."""
ALL_ALIKE = 0.998
"""The limit where even STRICTEST leaves many pairs just below it: of 2,624 solar cells, different ones reach 0.998."""
LEAST_UNMOVED = 0.98
LEAST_COARSE = 0.7
LEAST_SPANNED = 0.9
"""What is less alike is not laid over each other: of the same photos 1 in 1,000 has less."""

MANY = 50_000
"""Photos above which each is held against its likest alone: comparing all pairs of 50,000 takes a minute, of a million hours.
"""
LEAST_YIELD = 0.1

_FLAT_LEVELS = 2.0
_BLOCK = 1024
_PART = 512
_ROUND = 16 * _PART


def photo_hash(pixels: np.ndarray) -> np.ndarray | None:
    """A perceptual hash: the photo (H,W,3) uint8 as SIDE*SIDE mean grey levels, float32; None if too flat to be told apart."""
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    small = np.asarray(Image.fromarray(grey).resize((SIDE, SIDE), Image.Resampling.BOX))
    return small.ravel() if float(small.std()) >= _FLAT_LEVELS else None


def near_duplicate_groups(
    hashes: Sequence[np.ndarray | None], digests: Sequence[str | bytes | None] | None = None
) -> np.ndarray:
    """Group numbers (N,) int64, from 0; -1 for a photo like no other. `split` takes them as `together`.

    Photos are joined when `near_duplicate_pairs` names them, or when the digests of their files are equal.
    """
    count = len(hashes)
    first, second, _ = near_duplicate_pairs(hashes)
    equal = _equal(digests if digests is not None else [None] * count)
    return groups_of_pairs(count, np.concatenate([first, equal[0]]), np.concatenate([second, equal[1]]))


def groups_of_pairs(count: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Group numbers (count,) int64 from 0 of things joined pairwise; -1 for one that is joined to none."""
    labels = components(count, first, second)
    alone = np.bincount(labels, minlength=count)[labels] == 1
    groups = np.full(count, -1, dtype=np.int64)
    groups[~alone] = np.unique(labels[~alone], return_inverse=True)[1]
    return groups


def near_duplicate_pairs(
    hashes: Sequence[np.ndarray | None], *, moved: bool = True
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places `first` < `second` (P,) of photos that show the same picture, and their likeness (P,), LEAST_LIKENESS to 1.

    With `moved` false, as it lies: of individuals, an animal that only moved is another photo.
    """
    index = np.array([place for place, found in enumerate(hashes) if found is not None], dtype=np.int64)
    there = [found for found in hashes if found is not None]
    pictures = np.stack(there).reshape(-1, SIDE, SIDE) if there else np.empty((0, SIDE, SIDE), dtype=np.float32)
    first, second, like = alike_pairs(pictures, moved=moved)
    return index[first], index[second], like


def alike_pairs(pictures: np.ndarray, *, moved: bool = True) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `near_duplicate_pairs`, of hashes (N,SIDE,SIDE) that are all there.

    What all photos of a table share (the frame of a solar cell, a face looking ahead) is no likeness: from 20 photos on,
    the mean of their coarse shapes is taken away before pairs are looked for. Each pair that is left is laid over each other;
    of more than MANY photos, those that are most alike, until few of them are the same.
    """
    if len(pictures) < 2:  # as where no photo can be read
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    if len(pictures) > MANY:
        near = near_pairs(pictures, least_coarse=LEAST_COARSE, least_spanned=LEAST_SPANNED)
        first, second, enough = near.first, near.second, len(pictures) // 2
    else:
        first, second = np.concatenate([np.empty((2, 0), dtype=np.int64), *_candidates(pictures)], axis=1)
        enough = len(first)
    like = _likenesses(pictures, first, second, enough)
    first, second = first[: len(like)], second[: len(like)]
    kept = like >= limit(like)
    if not moved:
        kept &= _as_they_lie(pictures, first, second) >= LEAST_UNMOVED
    return first[kept], second[kept], like[kept]


def _likenesses(pictures: np.ndarray, first: np.ndarray, second: np.ndarray, enough: int) -> np.ndarray:
    """Of pairs (P,), the likest first: of so many as are `enough`, and of more as long as one in ten is the same."""

    def of_part(start: int) -> np.ndarray:
        part = slice(start, start + _PART)
        return _likeness(pictures[first[part]], pictures[second[part]])

    found: list[np.ndarray] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for start in range(0, len(first), _ROUND):
            parts = list(pool.map(of_part, range(start, min(start + _ROUND, len(first)), _PART)))
            found += parts
            same = float((np.concatenate(parts) >= LEAST_LIKENESS).mean())
            if start + _ROUND >= enough and same < LEAST_YIELD:
                break
    return np.concatenate([np.empty(0), *found])


def _as_they_lie(pictures: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The correlation (P,) of pairs of pictures, pixel by pixel."""
    found = np.empty(len(first))
    for start in range(0, len(first), _ROUND):
        part = slice(start, start + _ROUND)
        one, other = (
            unit(levels - levels.mean(axis=1, keepdims=True))
            for levels in (pictures[places[part]].reshape(-1, SIDE * SIDE) for places in (first, second))
        )
        found[part] = (one * other).sum(axis=1)
    return found


def limit(like: np.ndarray) -> float:
    """The likeness from which pairs are near-duplicates, among the likenesses (P,) of all that may be.

    Example:
        >>> limit(np.array([0.99, 0.96, 0.7])), limit(np.array([0.98, 0.97, 0.96, 0.96, 0.95, 0.94, 0.94]))
        (0.95, 0.998)
    """
    for least in np.arange(LEAST_LIKENESS, STRICTEST + 1e-9, 0.005):
        above, nearly = (((like >= low) & (like < low + NEARLY)).sum() for low in (least, least - NEARLY))
        if nearly <= FEW * above:
            return round(float(least), 3)
    return ALL_ALIKE


def _likeness(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of pictures (P,SIDE,SIDE), whichever is moved onto the other: what is enlarged much finds its place only one way."""
    like = likeness(one, other)
    again = np.flatnonzero(like < LEAST_LIKENESS)
    if len(again):
        like[again] = np.maximum(like[again], likeness(other[again], one[again]))
    return like


def _candidates(pictures: np.ndarray) -> Iterator[np.ndarray]:
    """Pairs (2,P) of pictures (N,SIDE,SIDE) whose coarse shapes are alike, one of them perhaps moved and enlarged a little."""
    whole = coarse_shapes(pictures)
    alike = alike_shapes(whole)
    for start in range(0, len(alike), _BLOCK):
        # Only what lies right of the diagonal: each pair once.
        close = np.flatnonzero(alike[start : start + _BLOCK] @ alike[start:].T >= LEAST_COARSE)
        first, second = np.divmod(close, len(alike) - start)
        right = second > first
        first, second = first[right] + start, second[right] + start
        rows, place = np.unique(first, return_inverse=True)
        spans = tangents(pictures[rows])
        kept = spanned(spans, place, whole[second]) >= LEAST_SPANNED
        yield np.stack([first[kept], second[kept]])


def _equal(digests: Sequence[str | bytes | None]) -> np.ndarray:
    """Pairs (2,P): every photo with the first of the same digest."""
    first: dict[str | bytes, int] = {}
    pairs = [(first.setdefault(digest, index), index) for index, digest in enumerate(digests) if digest is not None]
    return np.array([pair for pair in pairs if pair[0] != pair[1]], dtype=np.int64).reshape(-1, 2).T
