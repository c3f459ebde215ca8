"""Units to sides in given shares, every stratum spread as evenly as the units allow."""

from __future__ import annotations

import numpy as np

_MOST_WEIGHED = 5_000_000
"""Up to so many units x strata each unit is weighed against what the sides still need; beyond, evenness comes by numbers."""


def allot(shares: np.ndarray, *, unit: np.ndarray, strata: np.ndarray | None, seed: int) -> np.ndarray:
    """The side (N,) of every row, from 0 to S-1; rows of one unit (U of them, numbered from 0) stand on one side.

    `strata` (N,) are class codes, -1 where unknown. Every side with a share gets a unit when there are enough.
    """
    random = np.random.default_rng(seed)
    sizes = np.bincount(unit)
    stratum = np.zeros(len(unit), dtype=np.int64) if strata is None else np.unique(strata, return_inverse=True)[1]
    open_sides = np.flatnonzero(shares > 0)
    open_shares = shares[open_sides] / shares[open_sides].sum()
    if sizes.max() > 1 and len(sizes) * (int(stratum.max()) + 1) <= _MOST_WEIGHED:
        side = _weigh(open_shares, _histogram(unit, stratum, len(sizes)), sizes, random)
    else:
        side = _spread(open_shares, _main_stratum(unit, stratum, len(sizes)), random)
    return np.asarray(open_sides[_fill_empty(side, sizes, open_shares)][unit])


def _histogram(unit: np.ndarray, stratum: np.ndarray, units: int) -> np.ndarray:
    """Rows of every unit by stratum (U,K), of strata that can be spread at all: those in more than one unit."""
    strata = int(stratum.max()) + 1
    rows = np.bincount(unit * strata + stratum, minlength=units * strata).reshape(units, strata)
    return np.asarray(rows[:, (rows > 0).sum(axis=0) > 1])


def _main_stratum(unit: np.ndarray, stratum: np.ndarray, units: int) -> np.ndarray:
    """The commonest stratum (U,) of every unit."""
    strata = int(stratum.max()) + 1
    pairs, counts = np.unique(unit * strata + stratum, return_counts=True)
    main = np.zeros(units, dtype=np.int64)
    order = np.argsort(counts, kind="stable")  # the last write, the largest count, stays
    main[pairs[order] // strata] = pairs[order] % strata
    return main


def _spread(shares: np.ndarray, stratum: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Sides of units (U,): sorted by stratum, at random within, every n-th goes to a side."""
    order = random.permutation(len(stratum))
    places = random.permutation(int(stratum.max()) + 1)  # else small neighbouring strata would always share their fate
    order = order[np.argsort(places[stratum[order]], kind="stable")]
    side = np.full(len(stratum), int(np.argmax(shares)))
    rest = 1.0
    for place in np.delete(np.arange(len(shares)), int(np.argmax(shares))):
        count = round(len(order) * shares[place] / rest)
        steps = np.floor(np.arange(len(order) + 1) * (count / max(len(order), 1)) + random.random())
        taken = np.diff(steps) > 0
        side[order[taken]] = place
        order, rest = order[~taken], rest - shares[place]
    return side


def _weigh(shares: np.ndarray, histogram: np.ndarray, sizes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Sides of units (U,), the largest first, each to where it brings counts (U,K) nearest to their due.

    Nearness is chi-square over the strata and over the rows as a whole.
    """
    counts = np.column_stack([histogram, sizes]).astype(np.float64)
    due = shares[:, None] * counts.sum(axis=0)
    order = random.permutation(len(counts))
    order = order[np.argsort(-counts[order, -1], kind="stable")]
    held = np.zeros_like(due)
    side = np.zeros(len(counts), dtype=np.int64)
    for index in order:
        own = np.flatnonzero(counts[index])
        more = counts[index, own]
        cost = ((2 * (held[:, own] - due[:, own]) + more) * more / due[:, own]).sum(axis=1)
        side[index] = int(np.argmin(cost))
        held[side[index], own] += more
    return side


def _fill_empty(side: np.ndarray, sizes: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Give a side without units the unit whose size is nearest to its due, from the side with most units."""
    for place in range(len(shares)):
        held = np.bincount(side, minlength=len(shares))
        if held[place] == 0 and held.max() > 1:
            spare = np.flatnonzero(side == int(np.argmax(held)))
            side[spare[int(np.argmin(np.abs(sizes[spare] - shares[place] * sizes.sum())))]] = place
    return side
