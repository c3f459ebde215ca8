"""Dates on their way into a graph."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from injerto.export.entry import Entry, Port
from injerto.export.nodes import Nodes
from injerto.features.date import CYCLES, DAY_SECONDS, DateFeature

_DAYS_TO_MARCH_0 = 719_468
"""From the first of March of the year 0 to 1970."""
_ERA_DAYS = 146_097
"""In 400 years."""


class DateEntry(Entry[DateFeature]):
    """A moment a row as seconds since 1970 of the wall clock, in float64."""

    def ports(self) -> list[Port]:
        name = self.feature.name
        words = "seconds from 1970-01-01T00:00:00 to the moment as the clock on the wall shows it; NaN where it is missing"
        return [Port(name, "DOUBLE", (self.rows,), words, {"by": "moment", "columns": [name]})]

    def nodes(self, nodes: Nodes) -> list[str]:
        return [nodes.add("Identity", self.feature.name)]

    def examples(self, count: int) -> list[Tensor]:
        return [torch.zeros(count, dtype=torch.float64)]

    def encode(self, given: list[Tensor]) -> Tensor:
        """Trend and cycles (N,23), as `DateFeature.encode`."""
        seconds, (first, last) = given[0], (self.feature.first_, self.feature.last_)
        known = seconds.abs() < torch.inf
        moment = torch.where(known, seconds, 0.0)
        if last > first:
            inside = (seconds >= first) & (seconds <= last)
            trend = torch.where(inside, (moment - first) / (last - first) * 2 - 1, torch.nan).float()
        else:
            trend = torch.zeros_like(moment).float()
        parts = [trend]
        for cycle, (_, harmonics) in CYCLES.items():
            if cycle in self.feature.cycles_:
                turn = (2 * math.pi * phase(moment, cycle)).float()
                parts += [wave((harmonic + 1) * turn) for harmonic in range(harmonics) for wave in (torch.sin, torch.cos)]
            else:
                parts += [torch.zeros_like(trend)] * (2 * harmonics)
        return torch.where(known[:, None], torch.stack(parts, dim=1), torch.nan)


def phase(seconds: Tensor, cycle: str) -> Tensor:
    """Where in the cycle moments (N,) float64 lie, 0 to 1, as `features/date.py` has it.

    Example:
        >>> phase(torch.tensor([86_400.0 * 59]).double(), "month")  # the first of March 1970
        tensor([0.], dtype=torch.float64)
    """
    days = seconds / DAY_SECONDS
    if cycle == "week":
        weekday = torch.floor(days + 3)
        return (weekday - 7 * torch.floor(weekday / 7)) / 7
    if cycle == "day":
        return days - torch.floor(days)
    day, month_days, ordinal = calendar(torch.floor(days))
    return (day - 1) / month_days if cycle == "month" else (ordinal - 1) / 366


def calendar(days: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Whole days (N,) float64 since 1970 to the day of the month, the days of that month, and the day of the year, from 1 on.

    Years are counted from March, so that the day that may lack is the last one.

    Example:
        >>> [int(part) for part in calendar(torch.tensor([19_782.0], dtype=torch.float64))]  # 29 February 2024
        [29, 29, 60]
    """
    since = days + _DAYS_TO_MARCH_0
    of_era = since - _ERA_DAYS * torch.floor(since / _ERA_DAYS)
    leaps = torch.floor(of_era / 1460) - torch.floor(of_era / 36_524) + torch.floor(of_era / (_ERA_DAYS - 1))
    year = torch.floor((of_era - leaps) / 365)
    of_year = of_era - (365 * year + torch.floor(year / 4) - torch.floor(year / 100))
    month = torch.floor((5 * of_year + 2) / 153)  # 0 is March
    first, after = torch.floor((153 * month + 2) / 5), torch.floor((153 * (month + 1) + 2) / 5)
    # The year that begins in January: this one from March to December, the next one in January and February.
    early = month >= 10
    own = year + early
    leap = (own % 4 == 0) & ((own % 100 != 0) | (own % 400 == 0))
    month_days = torch.where(month == 11, 28.0 + leap, after - first)
    ordinal = torch.where(early, of_year - 306 + 1, of_year + 60 + leap)
    return of_year - first + 1, month_days, ordinal
