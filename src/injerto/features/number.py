"""Number columns: centred at the median and scaled by their spread, so that no single wild cell sets the measure."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.errors import TableError
from injerto.features.tally import Counted, RangeTally, Tally
from injerto.schema.schema import Input
from injerto.table.column import Column

REPEATS = 5
"""Rows that hold a number before it may mean something of its own."""
MOST_REPEATS = 1000
"""Numbers of a column that may; the most frequent ones."""


class NumberFeature(Counted):
    """A column of numbers. Missing, NaN and infinite cells are one thing: missing.

    Numbers that come again and again, as 0, 40 hours or 99 for "not told", are remembered: they may mean more than their size.

    An infinity has no size a network could use, so it is not clipped to the largest number; `injerto check` lists it.
    """

    together: ClassVar[bool] = True

    def __init__(self, name: str, options: Input) -> None:
        super().__init__(name, options)
        self.centre_ = 0.0
        self.scale_ = 1.0
        self.low_ = 0.0
        self.high_ = 0.0
        self.repeats_: list[float] = []
        """Numbers that repeat, in order."""
        self.counts_: list[int] = []
        """Rows that hold each of them."""

    def fit(self, column: Column) -> Self:
        """Learn centre, scale and range from the finite training cells."""
        values = _floats(column)
        finite = values[np.isfinite(values)]
        if len(finite) == 0:
            return self
        self.low_, self.high_, self.centre_ = float(finite.min()), float(finite.max()), float(np.median(finite))
        self.scale_ = _spread(finite)
        self.repeats_, self.counts_ = _repeats(finite)
        return self

    def tally(self, column: Column) -> RangeTally:
        return RangeTally.of(_floats(column))

    def settle(self, tally: Tally) -> Self:
        """Take the range of all rows; centre and spread are those of the sample, to a thousandth of the rows."""
        assert isinstance(tally, RangeTally)
        if not np.isnan(tally.low):
            self.low_, self.high_ = tally.low, tally.high
        return self

    @property
    def encoded_repeats(self) -> Tensor:
        """The numbers that repeat, as `encode` gives them, (R,) float32."""
        return torch.from_numpy(self._standard(np.array(self.repeats_, dtype=np.float64)))

    def encode(self, column: Column) -> Tensor:
        """N cells to (N,) float32 in units of `scale_` from `centre_`; NaN is missing."""
        return torch.from_numpy(self._standard(_floats(column)))

    def unreadable(self, column: Column) -> np.ndarray:
        """Cells (N,) of text that is no number."""
        return _numbers(column.values)[1] if _is_text(column.values) else super().unreadable(column)

    def unseen(self, column: Column) -> float:
        """Share of the filled cells below the least or above the greatest number of the training rows."""
        values = _floats(column)
        filled = values[np.isfinite(values)]
        outside = (filled < self.low_) | (filled > self.high_)
        return float(outside.mean()) if len(filled) else 0.0

    def _standard(self, values: np.ndarray) -> np.ndarray:
        # Centred in float64: a time stamp of 1.7e9 would lose its minutes in float32.
        with np.errstate(invalid="ignore", over="ignore"):
            standard = np.clip((values - self.centre_) / self.scale_, -1e30, 1e30)
        missing = ~np.isfinite(values)
        standard[missing] = np.nan
        return standard.astype(np.float32)

    def state(self) -> dict[str, Any]:
        learned = {"centre": self.centre_, "scale": self.scale_, "low": self.low_, "high": self.high_}
        return learned | {"repeats": self.repeats_, "counts": self.counts_}

    def restore(self, state: dict[str, Any]) -> Self:
        self.centre_, self.scale_ = float(state["centre"]), float(state["scale"])
        self.low_, self.high_ = float(state["low"]), float(state["high"])
        self.repeats_ = [float(value) for value in state["repeats"]]
        self.counts_ = [int(count) for count in state["counts"]]
        return self


def _repeats(finite: np.ndarray) -> tuple[list[float], list[int]]:
    """Numbers that stand in at least `REPEATS` rows, in order, and how many rows hold each."""
    values, counts = np.unique(finite, return_counts=True)
    often = np.argsort(-counts, kind="stable")[:MOST_REPEATS]
    often = np.sort(often[counts[often] >= REPEATS])
    return values[often].tolist(), counts[often].tolist()


def _spread(finite: np.ndarray) -> float:
    """One standard deviation if the numbers are normal, by their quartiles; more when the tails are long.

    A column that is the same nearly everywhere falls back to its deviation, a constant one to 1.
    """
    size = float(np.abs(finite).max()) or 1.0
    shares = finite / size  # so that differences of the largest floats do not overflow
    low, high = np.quantile(shares, [0.25, 0.75])
    # Numbers that were seen, towards the middle: between them, a quantile of 80 rows would take in half of one wild -9999.
    first, last = np.quantile(shares, 0.01, method="higher"), np.quantile(shares, 0.99, method="lower")
    spread = max(float(high - low) / 1.349, float(last - first) / 10) or float(np.std(shares))
    return min(spread * size, float(np.finfo(np.float64).max)) or 1.0


def _floats(column: Column) -> np.ndarray:
    """Cells as float64 (N,), NaN where missing. *Raises* TableError at the first text that is not a number."""
    values = column.values
    if values.dtype == pl.Null:
        return np.full(len(values), np.nan)
    if _is_text(values):
        numbers, wrong = _numbers(values)
        if wrong.any():
            row = int(wrong.argmax())
            raise TableError(
                f"Column '{column.name}' is a number, but {wrong.sum()} of its cells are not: row {column.row(row)} holds "
                f"{values[row]!r}. Correct the cells, leave them empty, or declare the column a category."
            )
        return numbers
    if not (values.dtype.is_numeric() or values.dtype == pl.Boolean):
        raise TableError(
            f"Column '{column.name}' is a number in this model, but the table holds {values.dtype} there. "
            "Give numbers, or declare the column another kind."
        )
    return values.cast(pl.Float64).to_numpy().astype(np.float64)


def _is_text(values: pl.Series) -> bool:
    return values.dtype in (pl.String, pl.Categorical, pl.Enum)


def _numbers(values: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Texts as float64 (N,), NaN where there is none, and which of them (N,) hold something that is no number."""
    text = values.cast(pl.String).str.strip_chars()
    text = text.set(text == "", None)
    numbers = text.cast(pl.Float64, strict=False)
    return numbers.to_numpy().astype(np.float64), (numbers.is_null() & text.is_not_null()).to_numpy()
