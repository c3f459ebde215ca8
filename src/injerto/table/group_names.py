"""The names of the groups that the rows of a table are in, as a grouping says."""

from __future__ import annotations

import re

import polars as pl

from injerto.table.bursts import bursts
from injerto.table.grouping import Grouping
from injerto.table.table import Table


def group_names(grouping: Grouping, table: Table) -> pl.Series:
    """The name (N,) of each row's group; null where the cell is empty, which belongs to nothing.

    Example:
        >>> clips = Table.of({"clip": ["101-3-0.wav", "101-3-1.wav", "77-3-0.wav", "rain.wav"]})
        >>> group_names(Grouping("clip", part=r"^(\\d+)-"), clips).to_list()
        ['101', '101', '77', 'rain.wav']
    """
    column = table.column(grouping.column)
    if grouping.part is None and grouping.seconds is None:
        return column.values
    cells = column.values.cast(pl.String).str.strip_chars()
    cells = cells.set(cells == "", None)
    apart = cells.drop_nulls().unique().to_list()
    if grouping.part is not None:
        fits = re.compile(grouping.part)
        names = {cell: part_of(cell, fits) for cell in apart}
    else:
        names = bursts(apart, column.folder, grouping.seconds or 0.0)
    return cells.replace(list(names), list(names.values()))


def part_of(cell: str, fits: re.Pattern[str]) -> str:
    """The first bracket of `fits` in a cell, else all that it matches; the whole cell where it matches nothing."""
    found = fits.search(cell)
    if found is None:
        return cell
    return (found[1] if fits.groups else found[0]) or cell
