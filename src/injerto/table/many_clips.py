"""Pairs among very many sounds that are the same for a while: in bounded memory, each laid over its likest alone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from injerto.growing_array import GrowingArray
from injerto.table.clip_print import ClipPrint
from injerto.table.kept_landmarks import KeptLandmarks
from injerto.table.landmark_votes import ballot
from injerto.table.near_clips import LEAST_LIKENESS, laid_over
from injerto.table.peak_triples import peak_triples

MANY = 10_000
"""Sounds above which landmarks of three peaks are looked up in place of two: those of two are soon in too many places to tell,
and all of them take about half a GB for so many (reckoned, not measured)."""
LEAST_YIELD = 0.1
_ROUND = 10_000


class ManyClips:
    """What is kept of sounds: a share of their landmarks in memory, and their details in a file without a name."""

    def __init__(self, what: str, folder: Path | None) -> None:
        """Details, `what` in errors, lie in `folder`, or among temporary files. *Raises* OutputError when the disk is full."""
        self._what, self._folder = what, folder
        self._details: GrowingArray | None = None
        self._lengths: list[int] = []
        self._landmarks = KeptLandmarks()

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, one: ClipPrint) -> None:
        """The next sound."""
        self._landmarks.add(len(self), *peak_triples(one))
        if self._details is None:
            self._details = GrowingArray(one.detail.shape[1], one.detail.dtype, self._what, self._folder)
        self._details.append(one.detail)
        self._lengths.append(len(one.detail))

    def pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Places `first` < `second` (P,) among those added, and their likeness (P,), as `near_clip_pairs`.

        Half as many pairs as there are sounds are laid over each other, those with most votes first, and more as long as one
        in ten is the same. Called once: landmarks are given up.
        """
        found = ballot(self._landmarks.shared(), len(self))
        details = np.empty((0, 1)) if self._details is None else self._details.whole()
        ends = np.cumsum(self._lengths, dtype=np.int64)
        starts = ends - self._lengths
        like: list[float] = []
        for start in range(0, len(found.first), _ROUND):
            part = slice(start, start + _ROUND)
            for one, other, lag in zip(
                found.first[part].tolist(), found.second[part].tolist(), found.lag[part].tolist(), strict=True
            ):
                here, there = details[starts[one] : ends[one]], details[starts[other] : ends[other]]
                like.append(laid_over(here, there, lag))
            same = float(np.mean(np.array(like[start:]) >= LEAST_LIKENESS))
            if start + _ROUND >= len(self) // 2 and same < LEAST_YIELD:
                break
        likeness = np.array(like).reshape(-1)
        kept = np.flatnonzero(likeness >= LEAST_LIKENESS)
        return found.first[kept], found.second[kept], likeness[kept]


def many_clip_pairs(
    prints: Iterable[ClipPrint | None], *, what: str = "Prints of sounds", folder: Path | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `near_clip_pairs`, of sounds that are seen once, one after the other."""
    clips, places = ManyClips(what, folder), []
    for place, one in enumerate(prints):
        if one is not None:
            clips.add(one)
            places.append(place)
    index = np.array(places, dtype=np.int64)
    first, second, likeness = clips.pairs()
    return index[first], index[second], likeness
