"""The ledger: every row that could not be used, with its reason. Nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl


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

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)
