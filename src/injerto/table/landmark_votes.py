"""Which of very many sounds may be the same: landmarks that two have in common vote for the pair and for how it lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from injerto.table.kept_landmarks import COMMONEST, Shared, blocks
from injerto.table.ranks import ranks

LEAST_VOTES = 2
"""At one distance or two that follow each other. Landmarks of three peaks tell so much that two of them suffice."""
LIKEST = 3
"""A sound keeps so many of those that come before it and of those after it, by votes: copies hang together by any of theirs."""
COARSE = 2
MOST_VOTES = 800_000_000
"""With more, a landmark votes for fewer of the pairs it is in: for those that are near each other in the table."""
VOTES_AT_ONCE = 30_000_000
_LAGS = 1 << 16


@dataclass(frozen=True)
class Ballot:
    """Places (P,) of sounds, `first` < `second`, by how many frames the second starts later; most votes first."""

    first: np.ndarray
    second: np.ndarray
    lag: np.ndarray
    votes: np.ndarray


def ballot(shared: Shared, count: int) -> Ballot:
    """Pairs of `count` sounds with LEAST_VOTES at one distance, the LIKEST of each."""
    reach = _reach(shared)
    given = sum(
        (np.bincount(shared.owner[rows[0]], minlength=count) for rows in _voting(shared, reach)),
        start=np.zeros(count, dtype=np.int64),
    )
    part = np.cumsum(given) // VOTES_AT_ONCE  # all votes of a first sound are counted in one part
    found = np.empty((4, 0), dtype=np.int64)
    for number in np.unique(part[given > 0]):
        votes = []
        for one, other in _voting(shared, reach):
            mine = part[shared.owner[one]] == number
            votes.append(_votes(shared, one[mine], other[mine], count))
        found = _likest(np.concatenate([found, _counted(np.concatenate(votes), count)], axis=1))
    return Ballot(*found[:, np.argsort(-found[3], kind="stable")])


def _reach(shared: Shared) -> int:
    """How far apart two places of one landmark may be, by rank, for all votes to be MOST_VOTES at most; at least 1."""
    sizes = np.bincount(np.bincount(shared.number[~shared.common])) if len(shared.number) else np.zeros(1, dtype=np.int64)
    held = np.arange(len(sizes))
    votes = 0
    for step in range(1, COMMONEST):
        votes += int((sizes * np.maximum(held - step, 0)).sum())
        if votes > MOST_VOTES:
            return max(1, step - 1)
    return COMMONEST - 1


def _voting(shared: Shared, reach: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows (V,) of landmarks that vote for the pair of their sounds."""
    for step in range(1, reach + 1):
        going = False
        for part in blocks(len(shared.number) - step):
            later = slice(part.start + step, part.stop + step)
            same = shared.number[part] == shared.number[later]
            if step > 1:
                same &= ~shared.common[part]
            going |= bool(same.any())
            one = np.flatnonzero(same & (shared.owner[part] != shared.owner[later])) + part.start
            if len(one):
                yield one, one + step
        if not going:
            return


def _votes(shared: Shared, one: np.ndarray, other: np.ndarray, count: int) -> np.ndarray:
    """The pair and its lag in one number each (V,) int64."""
    lag = (shared.frame[one].astype(np.int64) - shared.frame[other]) // COARSE
    return np.asarray((shared.owner[one].astype(np.int64) * count + shared.owner[other]) * _LAGS + lag + _LAGS // 2)


def _counted(votes: np.ndarray, count: int) -> np.ndarray:
    """First, second, lag and votes (4,P) of each pair that has enough, at the lag where it has most."""
    votes.sort()
    starts = np.flatnonzero(np.diff(votes, prepend=-1))
    alone, distinct = np.diff(starts, append=len(votes)), votes[starts]
    given = alone.copy()
    beside = np.flatnonzero(np.diff(distinct) == 1)  # what moves by part of a frame is half here, half one lag on
    given[beside] += alone[beside + 1]
    given[beside + 1] = np.maximum(given[beside + 1], alone[beside] + alone[beside + 1])
    enough = given >= LEAST_VOTES
    chosen, given, alone = distinct[enough], given[enough], alone[enough]
    pair, lag = np.divmod(chosen, _LAGS)
    best = np.lexsort((-alone, -given, pair))
    best = best[np.unique(pair[best], return_index=True)[1]]
    first, second = np.divmod(pair[best], count)
    return np.stack([first, second, (lag[best] - _LAGS // 2) * COARSE, given[best]])


def _likest(found: np.ndarray) -> np.ndarray:
    kept = (ranks(found[0], found[3]) < LIKEST) | (ranks(found[1], found[3]) < LIKEST)
    return found[:, kept]
