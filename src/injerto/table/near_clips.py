"""Sounds that are the same for a while: copies, recompressed, made louder or softer, and clips of a recording that overlap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from injerto.table.clip_print import FRAME_SECONDS, ClipPrint

LEAST_LIKENESS = 0.5
"""Correlation of the details of two sounds, one laid over the other. Of 80 clips of ESC-10, moved by 0.3 s, made softer and
compressed again, all reach 0.79; those of different clips stay below 0.05."""
LEAST_VOTES = 3
"""Landmarks that two sounds have in common at one distance, for them to be laid over each other there."""
LEAST_SECONDS, LEAST_SHARE = 0.5, 0.8
"""Two sounds must be over each other for so long, or for so much of the shorter where that is less."""

FAN = 6
"""Each peak makes landmarks with so many that follow."""
FARTHEST_FRAMES = 48
COARSE = 2
"""Bins and frames are told in steps of two: in a short call the only peaks fall half-way between frames when it is moved."""
COMMONEST = 50
"""A landmark in more places than this, as of a hum, tells nothing."""
_LAGS = 1 << 16
_NUDGES = (-2, -1, 0, 1, 2)


def near_clip_pairs(prints: Sequence[ClipPrint | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places `first` < `second` (P,) of sounds that are the same for a while, and their likeness (P,), LEAST_LIKENESS to 1.

    Pairs are looked up by landmarks, two peaks and the time between them, that both have at one distance (Wang 2003); then the
    details of both are laid over each other there. Work grows with the number of sounds, not of pairs.
    """
    first, second, lag = _candidates(prints)
    like = np.array(
        [
            laid_over(_detail(prints, one), _detail(prints, other), frames)
            for one, other, frames in zip(first.tolist(), second.tolist(), lag.tolist(), strict=True)
        ]
    ).reshape(-1)
    kept = like >= LEAST_LIKENESS
    return first[kept], second[kept], like[kept]


def landmarks(print_: ClipPrint) -> tuple[np.ndarray, np.ndarray]:
    """Landmarks (L,) int64, bins of both peaks and the frames between them, and the frame (L,) of the first."""
    codes, frames = [], []
    for step in range(1, min(FAN, len(print_.frames) - 1) + 1):
        apart = print_.frames[step:] - print_.frames[:-step]
        kept = (apart > 0) & (apart <= FARTHEST_FRAMES)
        one, other = print_.bins[:-step][kept].astype(np.int64), print_.bins[step:][kept].astype(np.int64)
        codes.append((one // COARSE) << 20 | (other // COARSE) << 8 | apart[kept] // COARSE)
        frames.append(print_.frames[:-step][kept])
    none = np.empty(0, dtype=np.int64)
    return (np.concatenate(codes), np.concatenate(frames).astype(np.int64)) if codes else (none, none)


def _candidates(prints: Sequence[ClipPrint | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of places (P,), the lower first, and by how many frames (P,) the second starts after the first."""
    found = [(place, *landmarks(one)) for place, one in enumerate(prints) if one is not None]
    none = np.empty(0, dtype=np.int64)
    code = np.concatenate([none, *(codes for _, codes, _ in found)])
    frame = np.concatenate([none, *(frames for _, _, frames in found)])
    owner = np.concatenate([none, *(np.full(len(codes), place) for place, codes, _ in found)])
    order = np.argsort(code, kind="stable")  # owners stay rising within a landmark
    code, frame, owner = code[order], frame[order], owner[order]
    count = np.unique(code, return_counts=True)[1]
    telling = np.repeat((count > 1) & (count <= COMMONEST), count)
    code, frame, owner = code[telling], frame[telling], owner[telling]
    votes = []
    for step in range(1, COMMONEST):
        same = (code[step:] == code[:-step]) & (owner[step:] != owner[:-step])
        if not (code[step:] == code[:-step]).any():
            break
        one, other = owner[:-step][same], owner[step:][same]
        lag = (frame[:-step][same] - frame[step:][same]) // COARSE
        votes.append((one * len(prints) + other) * _LAGS + lag + _LAGS // 2)
    ballot, given = np.unique(np.concatenate([none, *votes]), return_counts=True)
    ballot, given = ballot[given >= LEAST_VOTES], given[given >= LEAST_VOTES]
    pair, lag = np.divmod(ballot, _LAGS)
    best = np.lexsort((-given, pair))
    best = best[np.unique(pair[best], return_index=True)[1]]
    first, second = np.divmod(pair[best], max(len(prints), 1))
    return first, second, (lag[best] - _LAGS // 2) * COARSE


def _detail(prints: Sequence[ClipPrint | None], place: int) -> np.ndarray:
    found = prints[place]
    assert found is not None
    return found.detail


def laid_over(one: np.ndarray, other: np.ndarray, lag: int) -> float:
    """The correlation of details (T,B) where they overlap, `other` starting about `lag` frames after `one`."""
    least = min(LEAST_SECONDS / FRAME_SECONDS, LEAST_SHARE * min(len(one), len(other)))
    best = 0.0
    for nudge in _NUDGES:
        start, end = max(0, lag + nudge), min(len(one), len(other) + lag + nudge)
        if end - start < least:
            continue
        here = one[start:end].astype(np.float32).ravel()
        there = other[start - lag - nudge : end - lag - nudge].astype(np.float32).ravel()
        size = float(np.sqrt((here @ here) * (there @ there)))
        best = max(best, float(here @ there) / size if size > 0 else 0.0)
    return best
