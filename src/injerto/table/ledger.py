"""The ledger: every row that could not be used, with its reason. Nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from injerto.table.html_grid import html_grid

SHOWN = 20
"""Cells that a notebook or a terminal shows."""


@dataclass(frozen=True)
class Entry:
    """One cell that could not be used. `row` counts from 0 in the table as it was given."""

    row: int
    column: str
    file: str
    reason: str


@dataclass
class Ledger:
    """Entries in the order they were found."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, row: int, column: str, file: str, reason: str) -> None:
        """Write one cell down."""
        self.entries.append(Entry(row, column, file, reason))

    def extend(self, entries: Iterable[Entry]) -> None:
        """Write several cells down."""
        self.entries.extend(entries)

    @property
    def rows(self) -> set[int]:
        """Rows with at least one entry."""
        return {entry.row for entry in self.entries}

    def reasons(self) -> Counter[str]:
        """How often each reason occurs."""
        return Counter(entry.reason for entry in self.entries)

    def lines(self, *, whole_list: str) -> list[str]:
        """The first cells with their reasons and how often each reason occurs; `whole_list` says where all of them are.

        Example:
            >>> Ledger([Entry(3, "photo", "a.jpg", "zero bytes")]).lines(whole_list="")
            ['1 row could not be used (rows count from 0):', '  row 3, photo: a.jpg: zero bytes']
        """
        if not self.entries:
            return []
        count = len(self.rows)
        told = [f"{count:,} row{'s' if count > 1 else ''} could not be used (rows count from 0):"]
        for entry in self.entries[:SHOWN]:
            place = f"{entry.column}: {entry.file}" if entry.file else entry.column
            told.append(f"  row {entry.row}, {place}: {entry.reason}")
        if len(self) > SHOWN:
            told.append(f"  and {len(self) - SHOWN:,} more; {whole_list}. By reason:")
            told += [f"  {times:,} x {reason}" for reason, times in self.reasons().most_common(SHOWN)]
        return told

    def frame(self) -> pl.DataFrame:
        """The ledger as a table: row, column, file, reason."""
        return pl.DataFrame(
            {
                "row": [entry.row for entry in self.entries],
                "column": [entry.column for entry in self.entries],
                "file": [entry.file for entry in self.entries],
                "reason": [entry.reason for entry in self.entries],
            },
            schema={"row": pl.Int64, "column": pl.String, "file": pl.String, "reason": pl.String},
        )

    def _repr_html_(self) -> str:
        if not self.entries:
            return "<p>Every cell could be used.</p>"
        rows = [[one.row, one.column, one.file, one.reason] for one in self.entries[:SHOWN]]
        told = f"<p>{len(self):,} cell(s) in {len(self.rows):,} row(s) could not be used.</p>"
        return told + html_grid(["row", "column", "file", "reason"], rows, more=len(self) - SHOWN)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)
