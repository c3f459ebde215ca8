"""Rows to folds of a cross-validation: grouped, and stratified as evenly as the groups allow."""

from __future__ import annotations

import numpy as np

from injerto.errors import TableError
from injerto.table.allot import allot
from injerto.table.groups import units


def folds(count: int, *, strata: np.ndarray, groups: np.ndarray | None = None, seed: int = 0) -> np.ndarray:
    """The fold (N,) of every row, 0 to count-1. `strata` (N,) are class codes; `groups` (N,) stay whole (-1: alone).

    *Raises* TableError when there are fewer groups than folds.
    """
    unit = units(len(strata), groups)
    found = int(unit.max(initial=-1)) + 1
    if found < count:
        raise TableError(f"{count} folds need at least {count} rows or groups that can be told apart; there are {found}.")
    return allot(np.full(count, 1 / count), unit=unit, strata=strata, seed=seed)
