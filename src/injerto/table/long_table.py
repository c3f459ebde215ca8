"""A table too long for memory: read piece by piece, known by a sample of its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from injerto.errors import TableError, TableNotFoundError
from injerto.places.address import Address, Place, given_place
from injerto.table.frames import plain
from injerto.table.long_files import COLUMNAR, TEXT, ColumnarFile, LongFile, Source, TextFile, kind_of
from injerto.table.not_found import not_found
from injerto.table.room import allowed_bytes
from injerto.table.table import Table

SAMPLE_ROWS = 400_000
"""Rows that are drawn at random and kept in memory: they tell the types, and judge what is learned."""


class LongTable:
    """Rows on disk. `sample` is an ordinary table of rows drawn from all of them; `pieces` are all rows, in order.

    Opening it reads the table once: to count the rows and to draw the sample.
    """

    def __init__(
        self,
        file: LongFile,
        folder: Place,
        name: str,
        *,
        sample_rows: int | None = None,
        seed: int = 0,
        memory: int | None = None,
    ) -> None:
        self.file, self.folder, self.name, self._memory = file, folder, name, memory
        self._starts: list[int] = []
        self._rows = 0
        self.sample = self._drawn(sample_rows or SAMPLE_ROWS, seed)

    @classmethod
    def read(
        cls, path: str | Path | Address, *, sample_rows: int | None = None, seed: int = 0, memory: int | None = None
    ) -> Self:
        """Open a parquet, arrow, csv, tsv or txt file, text also packed by gzip; one at an address is fetched first.

        `memory` is how many bytes what is kept of its rows may take, about; without it, a good half of what is free.

        *Raises* TableNotFoundError when nothing is there, TableError when it is no such file, or cannot be read.
        """
        try:
            place = given_place(path)
            suffix = kind_of(place)
            if suffix not in COLUMNAR + TEXT:
                raise TableError(
                    f"The table {path} is too large for the memory, and '{suffix}' cannot be read piece by piece. "
                    f"Save it as one of: {', '.join(COLUMNAR + TEXT)}."
                )
            if isinstance(place, Path) and not place.exists():
                raise TableNotFoundError(not_found(place, (*COLUMNAR, *TEXT)))
            source = Source.of(place)
        except TableNotFoundError:
            raise
        except OSError as slip:
            raise TableError(f"The table {path} cannot be read: {slip.strerror or slip}.") from slip
        file = ColumnarFile(source) if suffix in COLUMNAR else TextFile(source)
        name = place.name.removesuffix(".gz").rsplit(".", 1)[0]
        return cls(file, place.parent, name, sample_rows=sample_rows, seed=seed, memory=memory)

    def __len__(self) -> int:
        return self._rows

    @property
    def allowed(self) -> float:
        """Bytes that what is kept of the rows may take."""
        return allowed_bytes(self._memory)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return self.sample.columns

    @property
    def piece_count(self) -> int:
        """How many pieces there are."""
        return len(self._starts)

    def pieces(self, start: int = 0, *, whole: bool = False) -> Iterator[Table]:
        """The rows from the piece `start` on, in order; `rows` of each counts in the whole table.

        Cells that are not of the type which the sample has are empty; `whole` keeps them, in a column of text.
        """
        for place, frame in enumerate(self.file.frames(whole=whole)):
            if place >= start:
                first = self._starts[place]
                yield Table(frame, self.folder, self.name, np.arange(first, first + len(frame)))

    def rows_from(self, row: int) -> Iterator[Table]:
        """The rows from `row` on, whole, in pieces: the first may be a part of one."""
        start = max(0, int(np.searchsorted(self._starts, row, side="right")) - 1)
        for piece in self.pieces(start, whole=True) if row < len(self) else ():
            yield piece if piece.rows[0] >= row else piece.take(np.arange(row - int(piece.rows[0]), len(piece)))

    def digest(self) -> str:
        """What tells this table from another: its sample, how many rows there are and how many bytes they take."""
        told = f"{self.sample.digest()} {self._rows} {self.file.source.path.stat().st_size}"
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()

    def strange_words(self) -> list[str]:
        """Sentences on cells that are not of the type which the sample has, one a column."""
        return [
            f"{told.count:,} cell(s) of '{name}' are no {_kind(self.sample.frame.schema[name])}, such as {told.example!r}; "
            "they are taken for empty."
            for name, told in self.file.strange.items()
        ]

    def _drawn(self, count: int, seed: int) -> Table:
        """The rows with the `count` least of random keys, each row having one of its own."""
        kept, keys, rows = list[pl.DataFrame](), np.empty(0), np.empty(0, dtype=np.int64)
        worst = 1.0
        for place, frame in enumerate(self.file.frames()):
            self._starts.append(self._rows)
            drawn = np.random.default_rng((seed, place)).random(len(frame))
            among = np.flatnonzero(drawn < worst)
            kept.append(frame[among])
            keys, rows = np.concatenate([keys, drawn[among]]), np.concatenate([rows, self._rows + among])
            self._rows += len(frame)
            if len(keys) > 2 * count:
                best = np.sort(np.argpartition(keys, count)[:count])
                kept, keys, rows = [pl.concat(kept)[best]], keys[best], rows[best]
                worst = float(keys.max())
        if not self._rows:
            raise TableError(f"The table {self.file.source.shown} has no rows.")
        best = np.sort(np.argsort(keys, kind="stable")[:count])
        frame, notes = self.file.settle(pl.concat(kept)[best])
        return Table(plain(frame), self.folder, self.name, rows[best], notes)


def _kind(dtype: pl.DataType) -> str:
    return "number" if dtype.is_numeric() else "truth value" if dtype == pl.Boolean else "date"
