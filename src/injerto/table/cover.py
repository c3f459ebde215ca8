"""Every class where it can be learned: a split that left one out of training is mended."""

from __future__ import annotations

import numpy as np


def cover(side: np.ndarray, *, unit: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Sides (N,) with a unit of every known stratum (strata >= 0) on side 0, which learns, as far as that goes.

    A side that would lose most of its rows gets others in exchange. Where train has none to spare, as when every unit is a
    stratum of its own (whole animals held out), the side keeps what it has.
    """
    side = side.copy()
    absent = np.setdiff1d(strata[strata >= 0], strata[side == 0])
    rows = np.flatnonzero(np.isin(strata, absent))
    rows = rows[np.argsort(np.bincount(unit)[unit[rows]], kind="stable")]
    smallest = unit[rows[np.unique(strata[rows], return_index=True)[1]]]
    for other in np.unique(side[side > 0]):
        here = side == other
        going = here & np.isin(unit, smallest)
        if 2 * going.sum() <= here.sum():
            side[going] = 0
            continue
        for one in np.unique(unit[going]):
            spare = _spare(side, unit, strata, int((unit == one).sum()))
            if spare is None:
                break
            side[unit == one] = 0
            side[unit == spare] = other
    return side


def _spare(side: np.ndarray, unit: np.ndarray, strata: np.ndarray, size: int) -> int | None:
    """The unit of train, nearest to `size` rows, whose every stratum has another unit there; of equals one of the commonest."""
    train = side == 0
    known = train & (strata >= 0)
    pairs = np.unique(np.stack([unit[known], strata[known]]), axis=1)
    units_of_stratum = np.bincount(pairs[1], minlength=1)
    rarest = np.full(int(unit.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(rarest, pairs[0], units_of_stratum[pairs[1]])
    spare = np.unique(unit[train])
    spare = spare[rarest[spare] > 1]
    if len(spare) == 0:
        return None
    sizes = np.bincount(unit, minlength=len(rarest))[spare]
    return int(spare[np.lexsort((-rarest[spare], np.abs(sizes - size)))[0]])
