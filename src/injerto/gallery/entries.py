"""Rows of a table as a gallery keeps them, and as queries are asked of it: name, digest, thumbnail, whose it is and when."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from injerto.errors import MediaError
from injerto.gallery.photos import photo_table
from injerto.gallery.thumbnail import LONGEST, thumbnail
from injerto.progress import Progress
from injerto.table.column import Column
from injerto.table.ledger import Ledger
from injerto.table.media import media_bytes, media_name, read_pixels
from injerto.table.table import Table
from injerto.table.words import words

THREADS = 2


@dataclass(frozen=True)
class PhotoColumns:
    """The columns of a table that say what a gallery keeps of a photo, None where there is none; queries name no individual."""

    individual: str | None
    photo: str
    sighting: str | None = None
    flank: str | None = None


@dataclass(frozen=True)
class Entries:
    """Photos as `photo_table` makes them, the rows (n,) of the table they come from, and the cells that could not be read."""

    photos: pl.DataFrame
    rows: np.ndarray
    ledger: Ledger
    notes: list[str]


def entries_of(table: Table, columns: PhotoColumns, progress: Progress) -> Entries:
    """Read every photo of `table` once. *Raises* ColumnError when it lacks the individuals or the photos.

    A table may lack the columns of sightings and flanks; a note says so, as fewer of its photos will be left out then.
    """
    column = table.column(columns.photo)
    if columns.individual is not None:
        table.column(columns.individual)  # told before any file is read
    ledger, rows, found = Ledger(), list[int](), list[tuple[str, bytes]]()
    with (
        progress.step(f"reading the photos of '{column.name}'", len(table)) as bar,
        ThreadPoolExecutor(column.readers(THREADS)) as pool,
    ):
        for row, told in enumerate(pool.map(lambda row: _read(column, row), range(len(table)))):
            bar.advance()
            if isinstance(told, MediaError):
                ledger.add(column.row(row), column.name, media_name(column.cell(row)), told.reason)
            else:
                rows.append(row)
                found.append(told)
    notes = [
        f"The table {table.name} has no column '{given}': its photos have no {name}, and none will be left out for it."
        for name, given in (("sighting", columns.sighting), ("flank", columns.flank))
        if given is not None and given not in table.columns
    ]
    usable = np.array(rows, dtype=np.int64)
    photos = entered(table.take(usable), columns, [digest for digest, _ in found], [small for _, small in found])
    return Entries(photos, usable, ledger, notes)


def entered(table: Table, columns: PhotoColumns, digests: Sequence[str | None], thumbnails: Sequence[bytes]) -> pl.DataFrame:
    """The photos of all rows (n,) of `table` as `photo_table` makes them; columns that it lacks are empty."""
    wanted = {"individual": columns.individual, "sighting": columns.sighting, "flank": columns.flank}
    known = {
        name: words(table.column(given).values)
        for name, given in wanted.items()
        if given is not None and given in table.columns
    }
    photos = table.column(columns.photo)
    frame = pl.DataFrame(
        {
            "photo": pl.Series([media_name(photos.cell(row)) for row in range(len(table))], dtype=pl.String),
            "digest": pl.Series(digests, dtype=pl.String),
            "thumbnail": pl.Series(thumbnails, dtype=pl.Binary),
            "origin": pl.Series([table.name] * len(table), dtype=pl.String),
            **known,
            **{name: pl.Series([None] * len(table), dtype=pl.String) for name in wanted if name not in known},
        }
    )
    return photo_table(frame)


def digest_of(content: bytes) -> str:
    """By what a photo is known, whatever its file is called: 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _read(column: Column, row: int) -> tuple[str, bytes] | MediaError:
    cell = column.cell(row)
    try:
        return digest_of(media_bytes(cell, column.folder)), thumbnail(read_pixels(cell, column.folder, shortest=LONGEST))
    except MediaError as error:
        return error
