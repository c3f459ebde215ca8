"""What a shop's earlier sales tell of a day at least a quarter of a year ahead.

A test of three months is asked on its eve: nothing of the last 91 days before a row may be looked at, in training either, or
the columns would mean one thing when they teach and another when they are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from rossmann_data import Sample

AHEAD = 91
"""Days before a row that nothing is taken from: thirteen weeks, the length of the test."""
QUARTER, YEAR = 91, 364
"""Whole weeks, so that a day a year before is the same day of the week."""
FEWEST = 3
"""Days that a mean is made of; it is left empty when there are fewer."""
ROUNDS = 10

PAST_COLUMNS = [
    "LevelQuarter",
    "LevelYear",
    "Growth",
    "SeasonOfShop",
    "SalesAround",
    "SalesYearAgo",
    "ShopWeekdayPromo",
    "ShopWeekday",
    "ShopPromo",
]


class Past:
    """Earlier sales in logs, summed along the days so that the mean of any stretch is a difference of two sums."""

    def __init__(self, history: pl.DataFrame) -> None:
        self.first = history["Date"].min()
        shop, day, week = self._places(history)
        logs = np.log(history["Sales"].to_numpy())
        of_shop, of_week = _two_effects(logs, shop, week)
        others = logs - of_week[week]
        of_day = _means(others - of_shop[shop], day)
        self.of_week, self.days = of_week, int(day.max()) + 1
        self.beside_others = _Sums(shop, day, others - of_day[day], self.days)
        self.as_they_are = _Sums(shop, day, others, self.days)
        self.single = _Sums(shop, day, logs, self.days)
        kinds = self._cells(history)
        self.cells = {name: _Sums(key, day, logs - of_day[day], self.days) for name, key in kinds.items()}

    def columns(self, table: pl.DataFrame) -> pl.DataFrame:
        """For each row of `table`: its shop beside the others lately, its growth and seasons, its weekdays and promotions."""
        shop, day, _ = self._places(table)
        level = self.beside_others.mean(shop, day - AHEAD - QUARTER + 1, day - AHEAD)
        year = self.beside_others.mean(shop, day - AHEAD - YEAR, day - AHEAD)
        earlier = self.beside_others.mean(shop, day - AHEAD - QUARTER - YEAR + 1, day - AHEAD - YEAR)
        season = self.beside_others.mean(shop, day - YEAR - 14, day - YEAR + 14)
        made = {
            "LevelQuarter": level,
            "LevelYear": year,
            "Growth": level - earlier,
            "SeasonOfShop": season - year,
            "SalesAround": self.as_they_are.mean(shop, day - YEAR - 7, day - YEAR + 7),
            "SalesYearAgo": self.single.mean(shop, day - YEAR, day - YEAR, fewest=1),
        }
        for name, key in self._cells(table).items():
            made[name] = self.cells[name].mean(key, day - AHEAD - YEAR, day - AHEAD)
        return pl.DataFrame({name: pl.Series(values, nan_to_null=True) for name, values in made.items()})

    def _places(self, table: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Shop, day since the first, and which weekday with or without promotion, (N,) each."""
        shop = table["Store"].to_numpy()
        day = (table["Date"] - self.first).dt.total_days().to_numpy()
        return shop, day, table["DayOfWeek"].to_numpy() * 2 + table["Promo"].to_numpy()

    def _cells(self, table: pl.DataFrame) -> dict[str, np.ndarray]:
        """The shop with its weekday, its promotions, or both, as whole numbers (N,)."""
        shop, _, week = self._places(table)
        return {"ShopWeekdayPromo": shop * 16 + week, "ShopWeekday": shop * 8 + week // 2, "ShopPromo": shop * 2 + week % 2}


def with_past(sample: Sample) -> Sample:
    """The sample with the columns of `Past`, made from every row that is not asked."""
    past = Past(sample.history)
    train, test = (pl.concat([part, past.columns(part)], how="horizontal") for part in (sample.train, sample.test))
    return replace(sample, train=train, test=test)


class _Sums:
    """Sums and counts of values (N,) of each key up to each day."""

    def __init__(self, key: np.ndarray, day: np.ndarray, value: np.ndarray, days: int) -> None:
        self.keys, self.days = int(key.max()) + 1, days
        place = key.astype(np.int64) * (days + 1) + day + 1
        size = self.keys * (days + 1)
        self.total, self.count = (
            np.bincount(place, weights, size).reshape(self.keys, -1).cumsum(axis=1) for weights in (value, None)
        )

    def mean(self, key: np.ndarray, first: np.ndarray, last: np.ndarray, fewest: int = FEWEST) -> np.ndarray:
        """Mean (N,) of each key's values from the first to the last day (N,); NaN where there are too few."""
        known, key = key < self.keys, np.minimum(key, self.keys - 1)
        start, stop = np.clip(first, 0, self.days), np.clip(last + 1, 0, self.days)
        count = np.where(known, self.count[key, stop] - self.count[key, start], 0)
        total = self.total[key, stop] - self.total[key, start]
        return np.where(count >= fewest, total / np.maximum(count, 1), np.nan)


def _two_effects(values: np.ndarray, one: np.ndarray, other: np.ndarray) -> Sequence[np.ndarray]:
    """What each level of two columns adds to values (N,), by taking turns."""
    of_one, of_other = np.zeros(one.max() + 1), np.zeros(other.max() + 1)
    for _ in range(ROUNDS):
        of_one = _means(values - of_other[other], one)
        of_other = _means(values - of_one[one], other)
    return of_one, of_other


def _means(values: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Mean of the values (N,) of each key, 0 where there is none."""
    mean: np.ndarray = np.bincount(key, values) / np.maximum(np.bincount(key), 1)
    return mean
