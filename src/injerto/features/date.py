"""Date columns: where in the training range, and where in the cycles that range has seen often enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.errors import TableError
from injerto.features.tally import Counted, RangeTally, Tally
from injerto.schema.schema import Input
from injerto.table.column import Column

DAY_SECONDS = 86_400.0
CYCLES: dict[str, tuple[float, int]] = {"year": (365.0, 3), "month": (365.0, 1), "week": (14.0, 3), "day": (2.0, 4)}
"""Cycle: (days that training must span, harmonics). Three harmonics of a week tell all seven days apart.

A month is asked for a year: on nine months of flights its cycle could only remember single storms.
"""
PARTS = 1 + sum(2 * harmonics for _, harmonics in CYCLES.values())
"""Values a date becomes: the trend, then sine and cosine of each harmonic of each cycle."""
FORMATS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


class DateFeature(Counted):
    """A column of dates or times.

    A network cannot know what lies beyond the dates it has seen. So a moment outside the training range has no trend
    (NaN, which the embedder has learned to do without), and a cycle is used only when the training rows span enough of it;
    the parts of other cycles are 0.
    """

    together: ClassVar[bool] = True

    def __init__(self, name: str, options: Input) -> None:
        super().__init__(name, options)
        self.first_ = 0.0
        self.last_ = 0.0
        self.cycles_: list[str] = []
        self._has_hours = False

    def fit(self, column: Column) -> Self:
        """Learn the range and the cycles within it."""
        seconds = _seconds(_moments(column))
        known = seconds[np.isfinite(seconds)]
        if len(known) == 0:
            return self
        self._has_hours = bool(np.any(known % DAY_SECONDS != 0))
        return self.settle(RangeTally.of(known))

    def tally(self, column: Column) -> RangeTally:
        return RangeTally.of(self.seconds(column))

    def settle(self, tally: Tally) -> Self:
        """Take the range of all rows, and the cycles within it."""
        assert isinstance(tally, RangeTally)
        if np.isnan(tally.low):
            return self
        self.first_, self.last_ = tally.low, tally.high
        span_days = (self.last_ - self.first_) / DAY_SECONDS
        spanned = [cycle for cycle, (days, _) in CYCLES.items() if span_days >= days]
        self.cycles_ = [cycle for cycle in spanned if cycle != "day" or self._has_hours]
        return self

    def encode(self, column: Column) -> Tensor:
        """N cells to (N, 23) float32 within -1 and 1. A row of NaN is missing; a trend of NaN lies outside the range."""
        moments = _moments(column)
        seconds = _seconds(moments)
        parts = np.zeros((len(seconds), PARTS), dtype=np.float32)
        span = self.last_ - self.first_
        with np.errstate(invalid="ignore"):
            inside = (seconds >= self.first_) & (seconds <= self.last_)
        if span > 0:
            parts[:, 0] = np.where(inside, (seconds - self.first_) / span * 2 - 1, np.nan)
        place = 1
        for cycle, (_, harmonics) in CYCLES.items():
            if cycle in self.cycles_:
                turn = (2 * np.pi * _phase(moments, cycle, seconds)).astype(np.float32)
                for harmonic in range(harmonics):
                    parts[:, place + 2 * harmonic] = np.sin((harmonic + 1) * turn)
                    parts[:, place + 2 * harmonic + 1] = np.cos((harmonic + 1) * turn)
            place += 2 * harmonics
        parts[~np.isfinite(seconds)] = np.nan
        return torch.from_numpy(parts)

    def unreadable(self, column: Column) -> np.ndarray:
        """Cells (N,) of text that is no date."""
        return _parsed(column.values)[1] if column.values.dtype == pl.String else super().unreadable(column)

    def seconds(self, column: Column) -> np.ndarray:
        """Seconds since 1970 (N,) float64 of every cell; NaN where missing. *Raises* TableError at a cell that is no date."""
        return _seconds(_moments(column))

    def unseen(self, column: Column) -> float:
        """Share of the filled cells before the first or after the last training date."""
        seconds = _seconds(_moments(column))
        known = seconds[np.isfinite(seconds)]
        return float(np.mean((known < self.first_) | (known > self.last_))) if len(known) else 0.0

    def state(self) -> dict[str, Any]:
        return {"first": _stamp(self.first_), "last": _stamp(self.last_), "cycles": self.cycles_}

    def restore(self, state: dict[str, Any]) -> Self:
        self.first_, self.last_ = (_unstamp(state[key]) for key in ("first", "last"))
        self.cycles_ = [str(cycle) for cycle in state["cycles"]]
        return self


def _seconds(moments: pl.Series) -> np.ndarray:
    """Seconds since 1970 (N,) float64; NaN where missing."""
    return moments.dt.timestamp("us").cast(pl.Float64).to_numpy() / 1e6


def _moments(column: Column) -> pl.Series:
    """Cells as datetimes of the wall clock. *Raises* TableError at the first cell that is not a date."""
    values = column.values
    if values.dtype in (pl.Null, pl.Date):
        return values.cast(pl.Datetime("us"))
    if isinstance(values.dtype, pl.Datetime):
        # The local hour is what traffic, animals and shops follow.
        return values.dt.replace_time_zone(None).cast(pl.Datetime("us"))
    if values.dtype != pl.String:
        raise TableError(
            f"Column '{column.name}' is a date in this model, but the table holds {values.dtype} there. "
            "Write dates as 2024-05-31 or 2024-05-31T18:30:00."
        )
    moments, wrong = _parsed(values)
    if wrong.any():
        row = int(wrong.argmax())
        raise TableError(
            f"Column '{column.name}' is a date, but {wrong.sum()} of its cells are not: row {column.row(row)} holds "
            f"{values[row]!r}. Write dates as 2024-05-31 or 2024-05-31T18:30:00, or leave the cell empty."
        )
    return moments


def _parsed(values: pl.Series) -> tuple[pl.Series, np.ndarray]:
    """Texts as datetimes, null where there is none, and which of them (N,) hold something that is no date."""
    cells = pl.first().str.strip_chars()
    zoneless = pl.when(cells != "").then(cells.str.replace(r"(T.*|\d\d:\d\d.*)(Z|[+-]\d\d:?\d\d)$", "$1"))
    text = values.to_frame().select(zoneless).to_series()
    moments = text.str.to_datetime(FORMATS[0], time_unit="us", strict=False)
    for pattern in FORMATS[1:]:
        if moments.null_count() == text.null_count():
            break
        moments = moments.zip_with(moments.is_not_null(), text.str.to_datetime(pattern, time_unit="us", strict=False))
    return moments, moments.is_null().to_numpy() & text.is_not_null().to_numpy()


def _phase(moments: pl.Series, cycle: str, seconds: np.ndarray) -> np.ndarray:
    """Where in the cycle a moment lies, 0 to 1. A month is counted by its own length, a year by 366 days."""
    days = seconds / DAY_SECONDS
    if cycle == "week":
        # 1970-01-01 was a Thursday: three days on, Monday is 0. Whole days, as the hour has a cycle of its own.
        return np.asarray(np.floor(days + 3) % 7 / 7)
    if cycle == "day":
        return np.asarray(days % 1)
    if cycle == "month":
        length = moments.dt.days_in_month().cast(pl.Float64).to_numpy()
        return np.asarray((moments.dt.day().cast(pl.Float64).to_numpy() - 1) / length)
    return np.asarray((moments.dt.ordinal_day().cast(pl.Float64).to_numpy() - 1) / 366)


def _stamp(seconds: float) -> str:
    """Seconds since 1970 to ISO text."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()


def _unstamp(text: str) -> float:
    """ISO text to seconds since 1970."""
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
