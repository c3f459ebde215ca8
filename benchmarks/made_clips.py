"""Prints of very many sounds, made of real ones: each of two, faster or slower, higher or lower. One in eleven is a copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from injerto.table.clip_print import BINS, ClipPrint

COPIES = 11
LOST, ADDED = 0.3, 0.1
"""Of a copy's peaks so many are lost, and so many others come."""
MOST_LATER = 20
GRAIN = 0.5
"""Noise in a copy's detail, in spreads of the detail."""


def made_clips(real: Sequence[ClipPrint], count: int) -> Iterator[ClipPrint]:
    """`count` prints, the last of them copies of the first."""
    own = own_clips(count)
    for number in range(count):
        one = made_clip(real, np.random.default_rng(number if number < own else number - own))
        yield one if number < own else copied(one, np.random.default_rng(number))


def own_clips(count: int) -> int:
    """How many of `count` are no copies."""
    return count - count // COPIES


def made_clip(real: Sequence[ClipPrint], random: np.random.Generator) -> ClipPrint:
    """Half of the peaks of one real print and half of another's, on stretched axes; their details added up."""
    first, second = (real[place] for place in random.integers(len(real), size=2))
    frames, bins = [], []
    for one in (first, second):
        chosen = random.random(len(one.frames)) < 0.6
        pace, pitch = random.uniform(0.8, 1.25, 2)
        frames.append(one.frames[chosen] * pace)
        bins.append(one.bins[chosen] * pitch)
    length = len(first.detail)
    detail = first.detail.astype(np.float32)[np.arange(length) - random.integers(length)]
    detail += 0.8 * second.detail[(np.arange(length) - random.integers(length)) % len(second.detail)]
    return in_order(np.concatenate(frames), np.concatenate(bins), detail)


def copied(one: ClipPrint, random: np.random.Generator) -> ClipPrint:
    """It starts later, some peaks are lost and others come, and the detail has grain."""
    later = int(random.integers(MOST_LATER))
    kept = random.random(len(one.frames)) > LOST
    new = round(ADDED * len(one.frames))
    detail = np.roll(one.detail, later, axis=0).astype(np.float32)
    detail += random.normal(0, GRAIN * max(float(detail.std()), 1e-3), detail.shape)
    return in_order(
        np.concatenate([one.frames[kept] + later, random.integers(0, len(detail), new)]),
        np.concatenate([one.bins[kept], random.integers(0, BINS, new)]),
        detail,
    )


def in_order(frames: np.ndarray, bins: np.ndarray, detail: np.ndarray) -> ClipPrint:
    """A print whose peaks lie inside it and rise."""
    frames, bins = frames.astype(np.int32), bins.astype(np.int32)
    inside = (frames < len(detail)) & (bins < BINS)
    frames, bins = frames[inside], bins[inside]
    order = np.lexsort((bins, frames))
    return ClipPrint(frames[order], bins[order], detail.astype(np.float16))
