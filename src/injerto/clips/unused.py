"""What of the selections could not be used: the file, the line, the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Unused:
    """A line that could not be used, or a whole file when `line` is None. Lines count from 1."""

    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}" if self.line is None else f"{self.file}, line {self.line}: {self.reason}"


def unused_frame(entries: Sequence[Unused]) -> pl.DataFrame:
    """All of them as a table: file, line, reason."""
    columns = {name: [vars(entry)[name] for entry in entries] for name in ("file", "line", "reason")}
    return pl.DataFrame(columns, schema={"file": pl.String, "line": pl.Int64, "reason": pl.String})
