"""Rows that belong together: what shares a group, or is a near-duplicate, is one unit that no split cuts."""

from __future__ import annotations

import numpy as np
import polars as pl

from injerto.table.components import components


def codes_of(values: pl.Series) -> np.ndarray:
    """Group numbers (N,) by the order of the values, so that the order of the rows does not matter.

    A missing value is -1: nobody said what the row belongs to, so it belongs to nothing.
    """
    return values.cast(pl.String).rank("dense").cast(pl.Int64).fill_null(-1).to_numpy(writable=True)


def units(rows: int, *memberships: np.ndarray | None) -> np.ndarray:
    """Unit numbers (N,) int64 from 0: rows are in one unit when any chain of shared memberships joins them.

    A negative membership joins nobody. Without memberships every row is a unit of its own. Units are numbered by their
    smallest first membership, so that the order of the rows does not matter where groups have names.

    Example:
        >>> units(4, np.array([7, 7, 8, 9]), np.array([-1, 1, 1, -1]))
        array([0, 0, 0, 1])
    """
    given = [np.asarray(membership, dtype=np.int64) for membership in memberships if membership is not None]
    if not given:
        return np.arange(rows)
    starts, ends, count = [], [], rows
    for membership in given:
        known = np.flatnonzero(membership >= 0)
        names, inverse = np.unique(membership[known], return_inverse=True)
        starts.append(known)
        ends.append(inverse + count)
        count += len(names)
    labels = components(count, np.concatenate(starts), np.concatenate(ends))[:rows]
    return _numbered(labels, given[0])


def straddling(side: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """The units, rows with a negative one aside, whose rows stand on more than one side."""
    known = unit >= 0
    names, inverse = np.unique(unit[known], return_inverse=True)
    lowest = np.full(len(names), np.iinfo(np.int64).max)
    highest = np.full(len(names), -1)
    np.minimum.at(lowest, inverse, side[known])
    np.maximum.at(highest, inverse, side[known])
    return np.asarray(names[lowest != highest])


def _numbered(labels: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Numbers from 0 by the smallest first membership in the unit, rows without one last."""
    names, inverse = np.unique(labels, return_inverse=True)
    smallest = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(smallest, inverse, np.where(first < 0, np.iinfo(np.int64).max, first))
    place = np.empty(len(names), dtype=np.int64)
    place[np.argsort(smallest, kind="stable")] = np.arange(len(names))
    return place[inverse]
