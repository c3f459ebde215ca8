"""Files with long tables, read piece by piece: columnar ones by their row groups, text by blocks that end with a record."""

from __future__ import annotations

import gzip
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl
from polars.exceptions import PanicException, PolarsError

from injerto.errors import TableError
from injerto.places.address import Place
from injerto.places.opened import local, open_bytes
from injerto.places.steady import passing, steadily
from injerto.table.cells import understood, understood_as
from injerto.table.damaged import MARK_BYTES, next_step
from injerto.table.delimited import read_delimited
from injerto.table.frames import plain

COLUMNAR = (".parquet", ".pq", ".arrow", ".feather", ".ipc")
TEXT = (".csv", ".tsv", ".txt", ".tab", ".psv")
PIECE_ROWS = 500_000
"""Rows of a piece at most."""
PIECE_BYTES = 2**26
"""Bytes of a piece, about: of text in the file, of other tables in memory."""
CAREFUL_PARTS = 10
"""Parts in which the rows of a piece are read where a read has failed."""
LOOKED_AT = 1_000
"""Rows whose size says how many a piece may have."""


@dataclass(frozen=True)
class Source:
    """Where a table lies on this machine, what it is called in messages, and how it is written."""

    path: Path
    shown: str
    suffix: str
    packed: bool = False
    """By gzip."""

    @classmethod
    def of(cls, place: Place) -> Source:
        """The file at a path or, fetched, at an address. *Raises* OSError where it cannot be fetched."""
        return cls(local(place), str(place), kind_of(place), place.suffix.lower() == ".gz")

    def scan(self) -> pl.LazyFrame:
        """A columnar file, of which nothing is read before it is asked for."""
        return pl.scan_parquet(self.path) if self.suffix in (".parquet", ".pq") else pl.scan_ipc(self.path)


class LongFile(ABC):
    """A table on disk as frames, in order, always cut at the same places."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @abstractmethod
    def frames(self, *, whole: bool = False) -> Iterator[pl.DataFrame]:
        """The rows, a piece at a time. Cells that do not fit their column's type are empty; `whole` keeps them, as text.

        *Raises* TableError at a piece that cannot be read.
        """

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

    def frames(self, *, whole: bool = False) -> Iterator[pl.DataFrame]:
        scan = self.source.scan()
        try:
            few = steadily(lambda: scan.head(LOOKED_AT).collect())
            size = few.estimated_size() / max(1, len(few))
            rows = int(np.clip(PIECE_BYTES / max(1.0, size), 1, PIECE_ROWS))
            yield from _even(_batches(scan, rows), rows)
        except (PolarsError, OSError, PanicException) as slip:  # a damaged footer makes polars panic
            first = str(slip).splitlines()[0].rstrip(".")
            raise TableError(f"The table {self.source.shown} cannot be read: {first}. {self._advice(slip)}".rstrip()) from slip

    def _advice(self, slip: BaseException) -> str:
        """What to do about the file; where the system would not read it, not the file is to blame."""
        if isinstance(slip, OSError):
            return ""
        with open_bytes(self.source.path) as file:
            head = file.read(MARK_BYTES)
            file.seek(-min(MARK_BYTES, self.source.path.stat().st_size), os.SEEK_END)
            return next_step(self.source.suffix, head, file.read(MARK_BYTES))


def _batches(scan: pl.LazyFrame, rows: int) -> Iterator[pl.DataFrame]:
    """The rows as they come, about `rows` at a time; behind a read that failed in passing, the next of them with more care."""
    place = 0
    while True:
        try:
            for frame in scan.slice(place).collect_batches(chunk_size=rows):
                place += len(frame)
                yield frame
            return
        except OSError as slip:
            if not passing(slip):
                raise
        piece = _carefully(scan, place, rows)
        place += len(piece)
        yield piece


def _carefully(scan: pl.LazyFrame, start: int, rows: int) -> pl.DataFrame:
    """The rows from `start` on, a column and a part of the rows at a time, each tried again.

    Read at once, a piece is hundreds of reads, of which one fails nearly every time where one in a hundred does.
    """
    names = steadily(lambda: scan.collect_schema().names())
    step = -(-rows // CAREFUL_PARTS)
    parts = [pl.DataFrame([_cells(scan, name, place, step) for name in names]) for place in range(start, start + rows, step)]
    return pl.concat(parts)


def _cells(scan: pl.LazyFrame, name: str, start: int, rows: int) -> pl.Series:
    return steadily(lambda: scan.select(name).slice(start, rows).collect()).to_series()


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


class TextFile(LongFile):
    """Comma, semicolon, tab or pipe separated text, also packed by gzip. Until `settle`, all cells are strings."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.types: dict[str, pl.DataType] | None = None
        self.delimiter: str | None = None
        self.found: dict[str, Strange] = {}

    @property
    def strange(self) -> dict[str, Strange]:
        return self.found

    def settle(self, sample: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
        read = [understood(column, self.delimiter or ",") for column in sample]
        typed = pl.DataFrame([column for column, _ in read])
        self.types = dict(typed.schema)
        self.found.clear()
        return typed, tuple(note for _, note in read if note)

    def frames(self, *, whole: bool = False) -> Iterator[pl.DataFrame]:
        with _opened(self.source) as file:
            for block in blocks(file, self.source.shown):
                table = read_delimited(block, self.source.shown, delimiter=self.delimiter)
                self.delimiter = table.delimiter
                yield table.frame if self.types is None else self._typed(table.frame, self.types, whole)

    def _typed(self, frame: pl.DataFrame, types: dict[str, pl.DataType], whole: bool) -> pl.DataFrame:
        if list(types) != frame.columns:
            raise TableError(
                f"The table {self.source.shown} changed while it was read: its columns are others now. Start again."
            )
        return plain(pl.DataFrame([self._column(frame[name], dtype, whole) for name, dtype in types.items()]))

    def _column(self, cells: pl.Series, dtype: pl.DataType, whole: bool) -> pl.Series:
        typed, wrong = understood_as(cells, dtype, self.delimiter or ",")
        if wrong.any():
            told = self.found.setdefault(cells.name, Strange(0, str(cells[int(wrong.argmax())])))
            told.count += int(wrong.sum())
            if whole:
                return typed.cast(pl.String).zip_with(pl.Series(~wrong), cells)
        return typed


def _opened(source: Source) -> IO[bytes]:
    """The bytes of the text; a read that slips is tried again."""
    file = open_bytes(source.path)
    return gzip.GzipFile(fileobj=file) if source.packed else file  # type: ignore[return-value]


def blocks(file: IO[bytes], name: str) -> Iterator[bytes]:
    """The text in blocks of about `PIECE_BYTES` that end with a record, each with the line of column names above it.

    *Raises* TableError when no record ends in a block: a quote is open, or the file is no table.
    """
    header, rest, size = b"", b"", PIECE_BYTES
    while True:
        try:
            read = file.read(size)
        except (OSError, EOFError) as slip:
            raise TableError(f"The table {name} cannot be read: {slip}.") from slip
        text = rest + read
        if not header:
            cut = end_of_record(text, first=True)
            header, text = text[:cut], text[cut:]
        cut = len(text) if len(read) < size else end_of_record(text)
        if cut == 0 and len(read) == size:
            raise TableError(
                f"The table {name} has no end of a line outside of quotes within {size / 1e6:.0f} MB. Look for a quote that is "
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


def kind_of(path: Place) -> str:
    """The suffix that says how a table is written, without that of gzip around text."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = len(suffixes) > 1 and suffixes[-1] == ".gz" and suffixes[-2] in TEXT
    return suffixes[-2] if packed else suffixes[-1] if suffixes else ""
