"""`ledger.csv`: every row of the training table that was not used, with the place a person finds it at and the reason."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from injerto.artifact.account import UNREADABLE
from injerto.artifact.artifact import Artifact
from injerto.table.ledger import Entry, Ledger

_SCHEMA = {
    "row": pl.Int64,
    "line": pl.Int64,
    "column": pl.String,
    "file": pl.String,
    "reason": pl.String,
    "sort": pl.String,
}
"""`row` counts from 0; `line` is that of the table's file, from 1 as editors count, and empty where the table is no text."""


def write_ledger(artifact: Artifact, path: Path) -> None:
    """Write what could not be read first, then what was not used for other reasons."""
    rows = [
        {**vars(entry), "line": artifact.lines.get(entry.row), "sort": sort}
        for sort, ledger in ({UNREADABLE: artifact.ledger} | artifact.unused).items()
        for entry in ledger
    ]
    pl.DataFrame(rows, schema=_SCHEMA).write_csv(path)


def read_ledger(artifact: Artifact, path: Path) -> None:
    """Give `artifact` what the file of its folder lists. One that older versions wrote lists only what could not be read."""
    frame = pl.read_csv(path, schema_overrides=_SCHEMA).with_columns(pl.col(pl.String).fill_null(""))
    for line in frame.to_dicts():
        sort, number = line.pop("sort", UNREADABLE), line.pop("line", None)
        ledger = artifact.ledger if sort == UNREADABLE else artifact.unused.setdefault(sort, Ledger())
        ledger.entries.append(Entry(**line))
        if number is not None:
            artifact.lines[line["row"]] = number
