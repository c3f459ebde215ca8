"""Which rows train, tune and test: as the user's column says, by time, or at random; what belongs together stays together."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from injerto.errors import TableError
from injerto.table.allot import allot
from injerto.table.cover import cover
from injerto.table.group_names import group_names
from injerto.table.grouping import Grouping
from injerto.table.groups import codes_of, straddling, units
from injerto.table.split_column import sides_of
from injerto.table.split_time import LEFT_OUT, latest
from injerto.table.table import Table


@dataclass(frozen=True)
class Rows:
    """Positions (int64) in the table, rising; every row is on exactly one side, or left out."""

    train: np.ndarray
    tune: np.ndarray
    test: np.ndarray
    reason: str
    """How the rows were split, in sentences for the card."""
    left_out: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Rows on no side: nothing is learned from them, and they judge nothing."""
    left_out_reason: str = ""


def split(
    table: Table,
    *,
    column: str | None = None,
    group: str | Grouping | None = None,
    time: str | None = None,
    test_share: float = 0.2,
    tune_share: float = 0.15,
    strata: np.ndarray | None = None,
    together: np.ndarray | None = None,
    seed: int = 0,
) -> Rows:
    """Divide the rows. `strata` (N,) are class codes (-1 unknown); `together` (N,) joins rows beyond `group` (-1 joins nobody).

    With `time`, earlier rows of a group that tests are left out (see `latest`). Same table and seed, same split; a group's side
    does not depend on the order of the rows. *Raises* TableError when the rows cannot be divided so.
    """
    grouping = Grouping(group) if isinstance(group, str) else group
    names = None if grouping is None else group_names(grouping, table)
    grouped = None if names is None else codes_of(names)
    unit = units(len(table), grouped, together)
    if column is not None:
        side = sides_of(table.column(column))
        how = f"as the column '{column}' says"
        if grouping is not None and names is not None and grouped is not None and len(torn := _torn(side, grouped)):
            example = names[int(np.flatnonzero(grouped == torn[0])[0])]
            raise TableError(
                f"The split column '{column}' tears {len(torn)} groups of '{grouping.column}' apart, such as {example!r}: "
                "their rows stand on more than one side, and the score would be too good. Change the column, or leave the "
                "group out."
            )
        if len(torn := _torn(side, unit)):
            how += f" (although it tears {len(torn)} sets of near-duplicates apart)"
        if not (side == 1).any():
            train = np.flatnonzero(side == 0)
            side[train] = _drawn(table.take(train), time, _numbered(unit[train]), _some(strata, train), (tune_share, 0.0), seed)
            how += "; it names no rows to tune with, so they were drawn from those to train with"
    else:
        side = _drawn(table, time, unit, strata, (tune_share, test_share), seed)
        how = (
            f"the latest by '{time}' kept apart"
            if time
            else "at random" + (", every class or range in proportion" if strata is not None else "")
        )
    why = f"the column '{column}' says so" if column is not None else _met_again(time, grouping) if time is not None else ""
    return _rows(
        side, strata, _sentence(side, how, grouping, together) + _left_out(side, unit, why, straddling=column is None), why
    )


def _drawn(
    table: Table, time: str | None, unit: np.ndarray, strata: np.ndarray | None, held_out: tuple[float, float], seed: int
) -> np.ndarray:
    """The side (N,) of every row, by time or at random, with shares (tune, test) held out."""
    tune_share, test_share = held_out
    if tune_share + test_share >= 1:
        raise TableError(
            f"The shares to tune ({tune_share}) and to test ({test_share}) leave nothing to train with: lower them."
        )
    needed, found = 2 + (test_share > 0), int(unit.max()) + 1
    if found < needed:
        what = "rows" if found == len(unit) else "groups of rows that belong together"
        work = "train, tune and test" if needed == 3 else "train and tune"
        raise TableError(f"The table {table.name} has {found} {what}; to {work} it needs at least {needed}.")
    if time is not None:
        return latest(table.column(time), unit=unit, test_share=test_share, tune_share=tune_share)
    shares = np.array([1 - tune_share - test_share, tune_share, test_share])
    side = allot(shares, unit=unit, strata=strata, seed=seed)
    return side if strata is None else cover(side, unit=unit, strata=strata)


def _torn(side: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """The units that stand on several sides; rows that are left out stand on none."""
    return straddling(side, np.where(side >= 0, unit, -1))


def _met_again(time: str, grouping: Grouping | None) -> str:
    """Why a row is left out of a split by time."""
    what = f"of the same '{grouping.column}'" if grouping is not None else "nearly the same"
    return f"a row {what} tests, as it is among the latest by '{time}'"


def _left_out(side: np.ndarray, unit: np.ndarray, why: str, *, straddling: bool) -> str:
    """A sentence on rows that stand on no side, because their groups are `straddling` a boundary in time or otherwise."""
    count = int((side < 0).sum())
    if not count:
        return ""
    what = "1 row is" if count == 1 else f"{count:,} rows are"
    groups = len(np.unique(unit[side < 0]))
    of = (
        f" of {'1 group that straddles' if groups == 1 else f'{groups:,} groups that straddle'} the boundary"
        if straddling
        else ""
    )
    return f" {what} left out{of}: {why}."


def _some(strata: np.ndarray | None, rows: np.ndarray) -> np.ndarray | None:
    return None if strata is None else strata[rows]


def _numbered(unit: np.ndarray) -> np.ndarray:
    """Units from 0 without gaps."""
    return np.unique(unit, return_inverse=True)[1].astype(np.int64)


def _sentence(side: np.ndarray, how: str, group: Grouping | None, together: np.ndarray | None) -> str:
    train, tune, test = np.bincount(side[side >= 0], minlength=3).tolist()
    kept = [group.words] if group else []
    joined = np.array([]) if together is None else together[together >= 0]
    kept += ["near-duplicates"] if len(np.unique(joined)) < len(joined) else []
    whole = f" Kept on one side: {' and '.join(kept)}." if kept else ""
    trains = "1 row trains" if train == 1 else f"{train} rows train"
    others = " and ".join(f"{count} {verb}{'s' if count == 1 else ''}" for count, verb in ((tune, "tune"), (test, "test")))
    return f"{trains}, {others}, {how}.{whole}"


def _rows(side: np.ndarray, strata: np.ndarray | None, sentence: str, why: str) -> Rows:
    train, tune, test, left_out = (np.flatnonzero(side == place) for place in (0, 1, 2, LEFT_OUT))
    if strata is not None:
        unlearned = np.setdiff1d(strata[(strata >= 0) & (side >= 0)], strata[train])
        if len(unlearned):
            sentence += f" {len(unlearned)} classes occur only in rows held out, and cannot be learned."
    return Rows(train, tune, test, sentence, left_out, why if len(left_out) else "")
