"""Photos that show the same picture: copies, recompressed, resized, brightened. On two sides of a split they would leak."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from injerto.table.components import components

SIDE = 16
LEAST_CORRELATION = 0.98
"""Measured on thumbnails of 16 x 16: copies that were recompressed, halved, darkened or made noisy correlate above 0.99, all
of them; 9 in 10 brightened until they clip and half of those cropped by 3 % stay above 0.98. Different photos of ants and
bees reach 0.83, of nyalas 0.81, aligned whales 0.94; of aligned faces only frames of one film stand above it."""

_FLAT_LEVELS = 2.0
_ENOUGH_FOR_MEAN = 20
_BLOCK = 2048


def photo_hash(pixels: np.ndarray) -> np.ndarray | None:
    """A perceptual hash: the photo (H,W,3) uint8 as SIDE*SIDE mean grey levels, float32; None if too flat to be told apart."""
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    small = np.asarray(Image.fromarray(grey).resize((SIDE, SIDE), Image.Resampling.BOX))
    return small.ravel() if float(small.std()) >= _FLAT_LEVELS else None


def near_duplicate_groups(
    hashes: Sequence[np.ndarray | None], digests: Sequence[str | bytes | None] | None = None
) -> np.ndarray:
    """Group numbers (N,) int64, from 0; -1 for a photo like no other. `split` takes them as `together`.

    Photos are joined when their thumbnails correlate by LEAST_CORRELATION or more, whatever their brightness and contrast,
    or when the digests of their files are equal. What all photos of a table share (the frame of a solar cell, a face looking
    ahead) is no likeness: from 20 photos on, the mean thumbnail is taken away first. 10,000 photos take about a second.
    """
    count = len(hashes)
    pairs = [_alike(hashes), _equal(digests if digests is not None else [None] * count)]
    first, second = np.concatenate(pairs, axis=1)
    labels = components(count, first, second)
    alone = np.bincount(labels, minlength=count)[labels] == 1
    groups = np.full(count, -1, dtype=np.int64)
    groups[~alone] = np.unique(labels[~alone], return_inverse=True)[1]
    return groups


def _equal(digests: Sequence[str | bytes | None]) -> np.ndarray:
    """Pairs (2,P): every photo with the first of the same digest."""
    first: dict[str | bytes, int] = {}
    pairs = [(first.setdefault(digest, index), index) for index, digest in enumerate(digests) if digest is not None]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2).T


def _alike(hashes: Sequence[np.ndarray | None]) -> np.ndarray:
    """Pairs (2,P) of photos whose hashes correlate."""
    index = np.array([place for place, found in enumerate(hashes) if found is not None], dtype=np.int64)
    if len(index) < 2:
        return np.empty((2, 0), dtype=np.int64)
    likeness = _standardised(np.stack([found for found in hashes if found is not None]))
    if len(index) >= _ENOUGH_FOR_MEAN:
        likeness = _standardised(likeness - likeness.mean(axis=0))
    pairs = []
    for start in range(0, len(index), _BLOCK):
        # Only what lies right of the diagonal: each pair once.
        alike = np.triu(likeness[start : start + _BLOCK] @ likeness[start:].T >= LEAST_CORRELATION, k=1)
        pairs.append(np.stack(np.nonzero(alike)) + start)
    return np.asarray(index[np.concatenate(pairs, axis=1)])


def _standardised(vectors: np.ndarray) -> np.ndarray:
    """Rows of mean 0 and length 1; a row without structure becomes zeros, like nothing."""
    centred = vectors - vectors.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-6), dtype=np.float32)
