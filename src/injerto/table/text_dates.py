"""Strings to dates and times: ISO, and day-month-year orders where the cells leave no doubt."""

from __future__ import annotations

import polars as pl

_ZONE = r"(Z|[+-]\d{2}:?\d{2})$"
_TIME = r"([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$"
_SHAPES = {
    r"^\d{4}-\d{1,2}-\d{1,2}" + _TIME: ("%Y-%m-%d",),
    r"^\d{4}/\d{1,2}/\d{1,2}" + _TIME: ("%Y/%m/%d",),
    r"^\d{1,2}\.\d{1,2}\.\d{4}" + _TIME: ("%d.%m.%Y",),
    r"^\d{1,2}/\d{1,2}/\d{4}" + _TIME: ("%d/%m/%Y", "%m/%d/%Y"),
}


def dates(cells: pl.Series) -> tuple[pl.Series | None, str]:
    """Date or Datetime (microseconds, no zone), if every cell is one.

    Times with an offset from UTC become UTC. 03/04/2024 is read only if some other cell tells day from month.
    """
    for shape, orders in _SHAPES.items():
        if cells.str.contains(shape).all():
            readings = [typed for order in orders if (typed := _read(cells, order)) is not None]
            if len(readings) > 1 and not readings[0].equals(readings[1]):
                example = cells.drop_nulls()[0]
                return None, f"dates such as {example} may be day/month or month/day; left as text. Write them as 2024-12-31."
            return (readings[0], "") if readings else (None, "")
    return None, ""


def _read(cells: pl.Series, order: str) -> pl.Series | None:
    """All cells in one order, or None."""
    with_times = cells.str.contains(":", literal=True).any()
    typed = _times(cells, order) if with_times else cells.str.to_date(order, strict=False)
    return typed if typed.null_count() == cells.null_count() else None


def _times(cells: pl.Series, order: str) -> pl.Series:
    """Times of day, with seconds added where there are none, or a whole time where a date stands alone."""
    full = cells.str.replace("T", " ", literal=True).str.replace("Z$", "+00:00")
    full = full.str.replace(r"^([^ ]+)$", "${1} 00:00:00").str.replace(r"^([^ ]+ \d{1,2}:\d{2})($|[+-])", "${1}:00${2}")
    if cells.str.contains(_ZONE).any():
        zoned = full.str.to_datetime(order + " %H:%M:%S%.f%z", time_unit="us", strict=False)
        return zoned.dt.replace_time_zone(None)
    return full.str.to_datetime(order + " %H:%M:%S%.f", time_unit="us", strict=False)
