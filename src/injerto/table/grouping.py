"""What rows belong together by: a column, a part of its cells, or the moment its photos were taken."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from injerto.table.bursts import bursts
from injerto.table.table import Table


@dataclass(frozen=True)
class Grouping:
    """Rows are in one group when `column` says the same; or the `part` of it; or its photos are of one burst.

    Example:
        >>> clips = Table.of({"clip": ["101-3-0.wav", "101-3-1.wav", "77-3-0.wav", "rain.wav"]})
        >>> Grouping("clip", part=r"^(\\d+)-").names(clips).to_list()
        ['101', '101', '77', 'rain.wav']
    """

    column: str
    part: str | None = None
    """A regular expression; its first bracket, or all that it matches, names the group. Who does not fit stands alone."""
    seconds: float | None = None

    def names(self, table: Table) -> pl.Series:
        """The name (N,) of each row's group; null where the cell is empty, which belongs to nothing."""
        column = table.column(self.column)
        if self.part is None and self.seconds is None:
            return column.values
        cells = column.values.cast(pl.String).str.strip_chars()
        cells = cells.set(cells == "", None)
        apart = cells.drop_nulls().unique().to_list()
        if self.part is not None:
            fits = re.compile(self.part)
            names = {cell: part_of(cell, fits) for cell in apart}
        else:
            names = bursts(apart, column.folder, self.seconds or 0.0)
        return cells.replace(list(names), list(names.values()))

    @property
    def words(self) -> str:
        """The rows of one group, for a sentence."""
        if self.part is not None:
            return f"rows that share a part of '{self.column}'"
        if self.seconds is not None:
            return f"photos of '{self.column}' taken within {self.seconds:g} seconds"
        return f"rows with the same '{self.column}'"

    @property
    def options(self) -> str:
        """How it is asked for on the command line."""
        more = f" --group-part '{self.part}'" if self.part is not None else ""
        more += f" --group-seconds {self.seconds:g}" if self.seconds is not None else ""
        return f"--group {self.column}{more}"


def part_of(cell: str, fits: re.Pattern[str]) -> str:
    """The first bracket of `fits` in a cell, else all that it matches; the whole cell where it matches nothing."""
    found = fits.search(cell)
    if found is None:
        return cell
    return (found[1] if fits.groups else found[0]) or cell
