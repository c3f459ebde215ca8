"""Landmarks of very many sounds: a share that their hashes choose, so that copies keep the same and all fit into memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

MOST = 150_000_000
"""So many landmarks are kept of all sounds together (1.7 GB), or LOWEST of each where that is more."""
LOWEST = 150
"""A sound keeps so many, those with the lowest hashes, however small the share is: a short one would be left with none."""
COMMONEST = 50
"""A landmark in more places, of a hum or of many copies, tells only that of two sounds which follow each other."""
_AT_ONCE = 1 << 20
_BUCKETS = 256
_LEVELS = 24
"""A hash of 64 bits: the first 24 choose the share, the last 8 the bucket, those between are kept to tell landmarks apart."""
_ALWAYS = 255

Part = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Shared:
    """Landmarks that are in several places: a number for each (M,), not falling; its frame and sound, rising within it."""

    number: np.ndarray
    frame: np.ndarray
    owner: np.ndarray
    common: np.ndarray
    """(M,) bool: in more than COMMONEST places."""


class KeptLandmarks:
    """Where there are more than MOST, those are kept whose hashes start with one zero more, and so on.

    Which are kept depends on what was added, not on its order.
    """

    def __init__(self) -> None:
        self._waiting: list[Part] = []
        self._parts: list[tuple[Part, np.ndarray]] = []
        self._halvings = self._count = self._count_waiting = 0

    def __len__(self) -> int:
        return self._count + self._count_waiting

    def add(self, owner: int, hashes: np.ndarray, frames: np.ndarray) -> None:
        """Landmarks (L,) uint64 of one sound, with the frame of each. Sounds are added in rising order."""
        level = (_LEVELS - np.frexp((hashes >> np.uint64(64 - _LEVELS)).astype(np.float64))[1]).astype(np.uint8)
        if len(hashes) > LOWEST:
            level[np.argpartition(hashes, LOWEST)[:LOWEST]] = _ALWAYS
        else:
            level[:] = _ALWAYS
        kept = level >= self._halvings
        hashes, frames, level = hashes[kept], frames[kept], level[kept]
        self._waiting.append((hashes, frames.astype(np.uint16), np.full(len(hashes), owner, dtype=np.int32), level))
        self._count_waiting += len(hashes)
        if self._count_waiting >= _AT_ONCE:
            self._sort_waiting()
            while self._count > MOST and self._halvings < _LEVELS:
                self._halve()

    def shared(self) -> Shared:
        """Those that are in several places, of different sounds or of one. Nothing is kept after that."""
        self._sort_waiting()
        found, numbers = [], 0
        for bucket in range(_BUCKETS):
            code, frame, owner = self._bucket(bucket)
            order = np.argsort(code, kind="stable")  # sounds stay rising within a landmark
            _, number, count = np.unique(code[order], return_inverse=True, return_counts=True)
            several = count[number] > 1
            number = number[several]
            places = count[number]
            found.append((number.astype(np.int32) + numbers, frame[order][several], owner[order][several], places > COMMONEST))
            numbers += len(count)
        self._parts, self._count = [], 0
        return Shared(*(np.concatenate(part) for part in zip(*found, strict=True)))

    def _sort_waiting(self) -> None:
        """What is waiting is put into one part, bucket by bucket."""
        if not self._waiting:
            return
        hashes, frame, owner, level = (np.concatenate(part) for part in zip(*self._waiting, strict=True))
        self._waiting, self._count_waiting = [], 0
        buckets = (hashes & np.uint64(_BUCKETS - 1)).astype(np.uint8)
        order = np.argsort(buckets, kind="stable")
        code = (hashes[order] >> np.uint64(8)).astype(np.uint32)
        ends = np.cumsum(np.bincount(buckets, minlength=_BUCKETS))
        self._parts.append(((code, frame[order], owner[order], level[order]), ends))
        self._count += len(code)

    def _halve(self) -> None:
        self._halvings += 1
        self._parts = [_thinned(part, ends, self._halvings) for part, ends in self._parts]
        self._count = sum(len(part[0]) for part, _ in self._parts)

    def _bucket(self, bucket: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows = [(part, slice(int(ends[bucket - 1]) if bucket else 0, int(ends[bucket]))) for part, ends in self._parts]
        empty = (np.empty(0, np.uint32), np.empty(0, np.uint16), np.empty(0, np.int32))
        code, frame, owner = (np.concatenate([none, *(part[at][row] for part, row in rows)]) for at, none in enumerate(empty))
        return code, frame, owner


def _thinned(part: Part, ends: np.ndarray, halvings: int) -> tuple[Part, np.ndarray]:
    kept = part[3] >= halvings
    before = np.concatenate([[0], np.cumsum(kept)])
    code, frame, owner, level = (values[kept] for values in part)
    return (code, frame, owner, level), before[ends]


def blocks(count: int) -> Iterator[slice]:
    """Slices that cover `count` things, so many at once that what is made of them is small beside what is kept."""
    for start in range(0, count, 16 * _AT_ONCE):
        yield slice(start, min(start + 16 * _AT_ONCE, count))
