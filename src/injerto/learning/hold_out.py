"""Individuals held out whole: a model that is to say "somebody new" must be judged by individuals it never saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from injerto.table.groups import units
from injerto.table.split import Rows

NEW_SHARE = 0.06
"""So many of the individuals tune as newcomers, and as many test: each costs the photos it could have taught with."""
FEWEST = 6
"""At least so many, as long as that is no more than a sixth."""


def hold_out(rows: Rows, individual: np.ndarray, unit: np.ndarray, *, seed: int, test: bool) -> Rows:
    """Move all training rows of some individuals (codes (N,), -1 unknown) to the tune rows and, if `test`, of others to test.

    First come individuals that could not be found again anyway, as all their rows are one `unit`; then others by chance. Who
    shares a unit with others, as a herd does a sighting, goes only where there are not enough who do not.
    """
    random = np.random.default_rng(seed)
    train, moved, names = rows.train, {"tune": rows.tune, "test": rows.test}, {"tune": 0, "test": 0}
    # Who tests as a newcomer must not be in the gallery either, which holds the tune rows.
    if test:
        chosen = _chosen(individual[train], unit[train], random)
        held = np.concatenate([train, moved["tune"]])
        moved["test"] = np.sort(np.concatenate([moved["test"], held[np.isin(individual[held], chosen)]]))
        train, moved["tune"] = (part[~np.isin(individual[part], chosen)] for part in (train, moved["tune"]))
        names["test"] = len(chosen)
    chosen = _chosen(individual[train], unit[train], random)
    going = np.isin(individual[train], chosen)
    moved["tune"], names["tune"] = np.sort(np.concatenate([moved["tune"], train[going]])), len(chosen)
    train = train[~going]
    if not any(names.values()):
        return rows
    counts = f"{len(train)} rows train, {len(moved['tune'])} tune and {len(moved['test'])} test"
    said = " and ".join(f"{count} to {side}" for side, count in names.items() if count)
    reason = f"{rows.reason} As newcomers, whole individuals were then taken out of train, {said}: {counts}."
    return replace(rows, train=train, tune=moved["tune"], test=moved["test"], reason=reason)


def whole_in_one_fold(individual: np.ndarray, unit: np.ndarray, folds: int, *, seed: int) -> np.ndarray:
    """Units (N,) of which some individuals' rows are one each, so that they are new to the models of the other folds: as many a
    fold as are held out to test, together at most a third of all (codes `individual` (N,), -1 unknown).
    """
    chosen = _chosen(individual, unit, np.random.default_rng(seed), times=folds)
    return units(len(unit), unit, np.where(np.isin(individual, chosen), individual, -1))


def _chosen(individual: np.ndarray, unit: np.ndarray, random: np.random.Generator, times: int = 1) -> np.ndarray:
    """Codes of the individuals that leave, `times` over."""
    pairs = np.unique(np.stack([individual, unit])[:, individual >= 0], axis=1)
    names, each = np.unique(pairs[0], return_counts=True)
    count = min(max(FEWEST, round(NEW_SHARE * len(names))), len(names) // 6)
    if times > 1:
        count = min(times * count, len(names) // 3)
    order = random.permutation(len(names))
    several = np.unique(pairs[1], return_counts=True)
    shared = np.isin(names, pairs[0][np.isin(pairs[1], several[0][several[1] > 1])])
    order = order[np.argsort(shared[order], kind="stable")][: max(count, int((~shared).sum()))]
    single = each[order] == 1
    # Newcomers of one kind alone might differ from others in more than being new.
    first = order[single][: (count + 1) // 2]
    rest = order[~np.isin(order, first)]
    return np.asarray(names[np.concatenate([first, rest])[:count]])
