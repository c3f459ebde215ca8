"""Columns that say the same twice: equal cells, or the same levels under other names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from injerto.schema.facts import Facts, known
from injerto.table.table import Table

_FEWEST_ROWS = 20
"""Below so many rows, two columns may agree by chance."""
_FIRST_LOOK = 1000
_SAME_LINE = 0.999_999_9


def copies(table: Table, names: Sequence[str], facts: Mapping[str, Facts]) -> dict[str, str]:
    """Column -> the earlier one of `names` that holds the same cells in every row."""
    first: dict[tuple[object, ...], list[str]] = {}
    found = {}
    for name in names:
        fact = facts[name]
        if not fact.distinct:
            continue
        # Only columns that agree in all counts are compared cell by cell.
        key = (fact.family, fact.missing, fact.distinct, fact.first, fact.low, fact.high)
        alike = first.setdefault(key, [])
        twin = next((other for other in alike if _equal(table.frame[name], table.frame[other])), None)
        if twin is None:
            alike.append(name)
        else:
            found[name] = twin
    return found


def says_the_same(table: Table, one: Facts, other: Facts) -> str:
    """How one column follows from the other without loss, in words; empty when it does not.

    Either each level of one stands beside one level of the other only, both ways, or two columns of numbers lie on a line.
    """
    numbers = one.family == other.family == "number" and min(one.distinct, other.distinct) > 2
    # Levels must repeat: any two columns without repeats are one-to-one.
    levels = 2 <= one.distinct == other.distinct and 2 * one.distinct <= min(one.known, other.known)
    if not numbers and not levels:
        return ""
    pair = pl.DataFrame({"one": table.frame[one.name], "other": table.frame[other.name]})
    # Some of the rows tell most pairs of columns apart, and cheaply.
    some = _clean(pair.gather_every(max(1, len(pair) // _FIRST_LOOK)))
    numbers = numbers and not _correlation(some) <= _SAME_LINE
    if not numbers and not levels:
        return ""
    pair = _clean(pair)
    if len(pair) < _FEWEST_ROWS:
        return ""
    if numbers and _correlation(pair) > _SAME_LINE:
        return "is a multiple of it, as in other units"
    if levels and pair["one"].n_unique() == pair["other"].n_unique() == pair.n_unique():
        return "is the same under other names"
    return ""


def _clean(pair: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame([known(pair["one"]), known(pair["other"])]).drop_nulls()


def _equal(one: pl.Series, other: pl.Series) -> bool:
    if one.dtype != other.dtype and one.dtype.is_numeric():
        one, other = one.cast(pl.Float64), other.cast(pl.Float64)
    return known(one).equals(known(other))


def _correlation(pair: pl.DataFrame) -> float:
    """How nearly the points lie on a line, 0 to 1; NaN where that cannot be said."""
    x, y = (pair[name].cast(pl.Float64).to_numpy() for name in ("one", "other"))
    finite = np.isfinite(x) & np.isfinite(y)
    x, y = x[finite], y[finite]
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    with np.errstate(all="ignore"):  # numbers too large to multiply give NaN
        return float(abs(np.corrcoef(x, y)[0, 1]))
