"""Files with long tables, read piece by piece: columnar ones by their row groups, text by blocks that end with a record."""

from __future__ import annotations

import gzip
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from injerto.errors import TableError
from injerto.table.cells import understood, understood_as
from injerto.table.delimited import read_delimited
from injerto.table.frames import plain

COLUMNAR = (".parquet", ".pq", ".arrow", ".feather", ".ipc")
TEXT = (".csv", ".tsv", ".txt", ".tab", ".psv")
PIECE_ROWS = 500_000
"""Rows of a piece at most."""
PIECE_BYTES = 2**26
"""Bytes of a piece, about: of text in the file, of other tables in memory."""
LOOKED_AT = 1_000
"""Rows whose size says how many a piece may have."""


class LongFile(ABC):
    """A table on disk as frames, in order, always cut at the same places."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @abstractmethod
    def frames(self) -> Iterator[pl.DataFrame]:
        """The rows, a piece at a time. *Raises* TableError at one that cannot be read."""

    def settle(self, sample: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
        """The sample with the types that all pieces take from now on, and what a person should know of how they were read."""
        return sample, ()

    @property
    def strange(self) -> dict[str, Strange]:
        """By column, cells of the pieces read so far that are not of the sample's type, and so are empty."""
        return {}


@dataclass
class Strange:
    """Cells of one column that do not fit its type."""

    count: int
    example: str


class ColumnarFile(LongFile):
    """Parquet, or Arrow's file layout."""

    def frames(self) -> Iterator[pl.DataFrame]:
        scan = scanned(self.path)
        try:
            few = scan.head(LOOKED_AT).collect()
            size = few.estimated_size() / max(1, len(few))
            rows = int(np.clip(PIECE_BYTES / max(1.0, size), 1, PIECE_ROWS))
            yield from _even(scan.collect_batches(chunk_size=rows), rows)
        except (PolarsError, OSError) as slip:
            raise TableError(f"The table {self.path} cannot be read: {str(slip).splitlines()[0]}") from slip


def _even(frames: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """The same rows in frames of `rows`: where a reader cuts depends on how it came to read, and must not be seen later."""
    waiting: list[pl.DataFrame] = []
    for frame in frames:
        waiting.append(frame)
        while sum(map(len, waiting)) >= rows:
            whole = pl.concat(waiting)
            yield plain(whole[:rows])
            waiting = [whole[rows:]]
    rest = pl.concat(waiting) if waiting else pl.DataFrame()
    if len(rest):
        yield plain(rest)


@dataclass
class TextFile(LongFile):
    """Comma, semicolon, tab or pipe separated text, also packed by gzip. Until `settle`, all cells are strings."""

    path: Path
    types: dict[str, pl.DataType] | None = None
    delimiter: str | None = None
    found: dict[str, Strange] = field(default_factory=dict)

    @property
    def strange(self) -> dict[str, Strange]:
        return self.found

    def settle(self, sample: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
        read = [understood(column, self.delimiter or ",") for column in sample]
        typed = pl.DataFrame([column for column, _ in read])
        self.types = dict(typed.schema)
        self.found.clear()
        return typed, tuple(note for _, note in read if note)

    def frames(self) -> Iterator[pl.DataFrame]:
        with _opened(self.path) as file:
            for block in blocks(file, self.path):
                table = read_delimited(block, str(self.path), delimiter=self.delimiter)
                self.delimiter = table.delimiter
                yield table.frame if self.types is None else self._typed(table.frame, self.types)

    def _typed(self, frame: pl.DataFrame, types: dict[str, pl.DataType]) -> pl.DataFrame:
        if list(types) != frame.columns:
            raise TableError(f"The table {self.path} changed while it was read: its columns are others now. Start again.")
        return plain(pl.DataFrame([self._column(frame[name], dtype) for name, dtype in types.items()]))

    def _column(self, cells: pl.Series, dtype: pl.DataType) -> pl.Series:
        typed, wrong = understood_as(cells, dtype, self.delimiter or ",")
        if wrong.any():
            told = self.found.setdefault(cells.name, Strange(0, str(cells[int(wrong.argmax())])))
            told.count += int(wrong.sum())
        return typed


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def blocks(file: IO[bytes], path: Path) -> Iterator[bytes]:
    """The text in blocks of about `PIECE_BYTES` that end with a record, each with the line of column names above it.

    *Raises* TableError when no record ends in a block: a quote is open, or the file is no table.
    """
    header, rest, size = b"", b"", PIECE_BYTES
    while True:
        try:
            read = file.read(size)
        except (OSError, EOFError) as slip:
            raise TableError(f"The table {path} cannot be read: {slip}.") from slip
        text = rest + read
        if not header:
            cut = end_of_record(text, first=True)
            header, text = text[:cut], text[cut:]
        cut = len(text) if len(read) < size else end_of_record(text)
        if cut == 0 and len(read) == size:
            raise TableError(
                f"The table {path} has no end of a line outside of quotes within {size / 1e6:.0f} MB. Look for a quote that is "
                "never closed."
            )
        if text[:cut].strip():
            yield header + text[:cut]
        rest = text[cut:]
        if len(read) < size:
            return


def end_of_record(text: bytes, *, first: bool = False) -> int:
    """Where the last record of `text`, or its `first`, ends: behind a line's end with an even number of quotes before it."""
    at = text.find(b"\n") if first else text.rfind(b"\n")
    while at >= 0 and text.count(b'"', 0, at) % 2:
        at = text.find(b"\n", at + 1) if first else text.rfind(b"\n", 0, at)
    return at + 1


def kind_of(path: Path) -> str:
    """The suffix that says how a table is written, without that of gzip around text."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = len(suffixes) > 1 and suffixes[-1] == ".gz" and suffixes[-2] in TEXT
    return suffixes[-2] if packed else suffixes[-1] if suffixes else ""


def scanned(path: Path) -> pl.LazyFrame:
    """A columnar file, of which nothing is read before it is asked for."""
    return pl.scan_parquet(path) if kind_of(path) in (".parquet", ".pq") else pl.scan_ipc(path)
