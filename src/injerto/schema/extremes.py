"""Numbers that are no measurements: too large to reckon with, or a lone -9999 that stands for a missing cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import polars as pl

from injerto.schema.facts import known
from injerto.schema.guess import counted
from injerto.schema.problems import Problem
from injerto.table.column import Column

LARGEST = 1e100
"""Beyond it squares of differences, of which the scores are sums, overflow."""
MARKS = [-99.0, *(sign * (10.0**digits - 1) for digits in range(3, 8) for sign in (1, -1))]
"""Runs of 9s, as tables mark missing cells with. A positive 99 is too common a measurement."""
FAR_SPREADS = 20
"""A mark lies so many interquartile ranges from the median of all other cells."""
_FEWEST_OTHERS = 10


def too_large(column: Column) -> Iterator[Problem]:
    """An error for finite numbers of a target beyond what can be reckoned with."""
    numbers = _numbers(column)
    huge = (numbers.is_finite() & (numbers.abs() > LARGEST)).fill_null(False).arg_true()
    if len(huge):
        row = int(huge[0])
        yield Problem(
            "error",
            column.name,
            f"Target '{column.name}' holds numbers beyond {LARGEST:g} in {counted(len(huge), 'row')}, such as {numbers[row]:g} "
            f"in row {column.row(row)}: they cannot be reckoned with. Correct or empty them, or use a larger unit.",
        )


def marks_of_missing(column: Column, role: Literal["Input", "Target"]) -> Iterator[Problem]:
    """A warning for each value such as -9999 that lies far away from all other cells."""
    numbers = _numbers(column)
    marked = numbers.is_in(MARKS).fill_null(False)
    if not marked.any():
        return
    others = numbers.filter(~marked & numbers.is_finite().fill_null(False))
    if len(others) < _FEWEST_OTHERS:
        return
    for mark in numbers.filter(marked).unique(maintain_order=True).to_list():
        if not _is_far(mark, others):
            continue
        rows = (numbers == mark).fill_null(False).arg_true()
        cells = f"{counted(len(rows), 'cell')}, the first in row {column.row(int(rows[0]))}"
        span = "{:g} to {:g}".format(*others.sort().gather([0, len(others) - 1]))
        yield Problem(
            "warning",
            column.name,
            f"{role} '{column.name}' is {mark:.0f} in {cells}, far from all other cells ({span}). "
            "If it means missing, leave these cells empty.",
        )


def _is_far(mark: float, others: pl.Series) -> bool:
    """Whether no other cell lies half as far out as the mark, and the mark many spreads away."""
    middle = float(others.quantile(0.5) or 0.0)
    spread = float(others.quantile(0.75) or 0.0) - float(others.quantile(0.25) or 0.0)
    distance = abs(mark - middle)
    widest = float((others - middle).abs().max())  # type: ignore[arg-type]
    return distance > FAR_SPREADS * spread and distance > 2 * widest


def _numbers(column: Column) -> pl.Series:
    """The cells as floats; null where missing or no number."""
    return known(column.values).cast(pl.Float64, strict=False)
