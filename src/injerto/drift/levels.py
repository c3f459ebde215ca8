"""Categories and classes: how the shares of the levels changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from injerto.drift.change import Change, Share, Sides, abs_shares, shares_apart
from injerto.drift.shuffles import Array
from injerto.features.levels import PADDING

MOST_LEVELS = 200
"""Levels that are tested one by one, the most frequent; the others are taken for one."""
SHOWN = 12
OTHERS = "all others"


def levels_change(sides: Sides) -> Change:
    """The sum of squared differences of shares, each over the share in both tables, as in the chi-square test; by permutation.

    `distance` is how many of the rows would have to change their level (total variation); where a cell holds several levels,
    the largest change of one of them. `psi` is the population stability index of credit scoring.
    """
    ids = sides.both().numpy()
    ids = ids[:, None] if ids.ndim == 1 else ids
    ones, names = one_hot(ids, sides.names)
    shuffles = sides.shuffles
    single = bool((ones.sum(axis=1) <= 1).all())
    pooled = np.maximum(ones.mean(axis=0), 1e-12)
    found = shuffles.test(lambda drawn: np.asarray((shares_apart(drawn, ones) ** 2 / pooled).sum(axis=1)))
    distances = shuffles.test(lambda drawn: _distance(abs_shares(drawn, ones), single))
    new = shuffles.new
    before, after = (ones[side].mean(axis=0) for side in (~new, new))
    figures: dict[str, Any] = {"distance": distances.apart, "psi": psi(before, after, int((~new).sum()), int(new.sum()))}
    order = np.argsort(-np.maximum(before, after), kind="stable")
    shares = tuple(Share(names[place], float(before[place]), float(after[place])) for place in order[:SHOWN])
    return Change(distances.beyond, found.p, figures, _words(names, before, after), shares)


def one_hot(ids: Array, names: Sequence[str]) -> tuple[Array, list[str]]:
    """Ids (N,P), -1 for nothing, to whether (N,L) float32 a row has each of the most frequent ones, and their names."""
    used, counts = np.unique(ids[ids != PADDING], return_counts=True)
    kept = np.sort(used[np.argsort(-counts, kind="stable")[:MOST_LEVELS]])
    place = np.full(int(ids.max(initial=0)) + 2, len(kept))
    place[kept] = np.arange(len(kept))
    ones = np.zeros((len(ids), len(kept) + 1), dtype=np.float32)
    rows, columns = np.nonzero(ids != PADDING)
    ones[rows, place[ids[rows, columns]]] = 1
    named = [*(str(names[level]) for level in kept), OTHERS]
    return (ones, named) if len(used) > len(kept) else (ones[:, :-1], named[:-1])


def psi(before: Array, after: Array, rows_before: int, rows_after: int) -> float:
    """The population stability index of shares (L,): the sum of (after - before) log(after / before).

    Half a row is added to every level of both tables, so that one that lacks does not make it infinite.

    Example:
        >>> round(psi(np.array([0.5, 0.5]), np.array([0.8, 0.2]), 10**6, 10**6), 4)
        0.4159
    """
    a = (before * rows_before + 0.5) / (rows_before + 0.5 * len(before))
    b = (after * rows_after + 0.5) / (rows_after + 0.5 * len(after))
    return float(((b - a) * np.log(b / a)).sum())


def _distance(apart: Array, single: bool) -> Array:
    return np.asarray(apart.sum(axis=1) / 2 if single else apart.max(axis=1, initial=0.0))


def _words(names: list[str], before: Array, after: Array) -> str:
    """The levels whose shares changed most."""
    order = np.argsort(-np.abs(after - before), kind="stable")[:2]
    return "; ".join(f"{names[place]} {before[place]:.1%} before, {after[place]:.1%} now" for place in order)
