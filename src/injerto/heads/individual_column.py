"""The name of the individual in each row, and what says which photos it may not be compared with, as one column."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import polars as pl

from injerto.errors import MediaError
from injerto.gallery.asked import Asked
from injerto.places.address import Place
from injerto.places.opened import open_bytes
from injerto.schema.schema import Target
from injerto.table.cell_bytes import path_of
from injerto.table.column import Column
from injerto.table.media import media_bytes, media_path
from injerto.table.table import Table
from injerto.table.words import words


def individual_column(name: str, table: Table, target: Target) -> Column:
    """A struct a row: `name`, `sighting`, `flank` as text, null where not known, and the `digest` of the photo's bytes.

    Columns that are not in `table` are not known: rows to be answered have no names.
    """
    photos = table.column(str(target.photo))
    parts = {"name": name, "sighting": target.sighting, "flank": target.flank}
    known = {
        part: words(table.column(column).values) if column in table.columns else pl.Series([None] * len(table), dtype=pl.String)
        for part, column in parts.items()
    }
    with ThreadPoolExecutor(photos.readers(1)) as pool:
        digests = list(pool.map(lambda row: photo_digest(photos.cell(row), photos.folder), range(len(table))))
    struct = pl.DataFrame({**known, "digest": pl.Series(digests, dtype=pl.String)}).to_struct()
    return Column(name, struct, photos.folder, photos.rows)


def names_in(column: Column) -> pl.Series:
    """The names (N,) of an individual column."""
    return column.values.struct.field("name")


def asked_in(column: Column) -> Asked:
    """What each row may not be compared with."""
    sightings, digests, flanks = (column.values.struct.field(part).to_list() for part in ("sighting", "digest", "flank"))
    return Asked(sightings=sightings, digests=digests, flanks=flanks)


def photo_digest(cell: object, folder: Place) -> str | None:
    """SHA-256 of a photo's bytes in hexadecimal; None where there are none to be read."""
    text = path_of(cell)
    try:
        if text is None:
            return hashlib.sha256(media_bytes(cell, folder)).hexdigest()
        path = media_path(text, folder)
        facts = os.stat(path)
        return _file_digest(path, facts.st_mtime_ns, facts.st_size)
    except (MediaError, OSError):
        return None  # the ledger will say why


@lru_cache(maxsize=1_000_000)
def _file_digest(path: Path, changed_ns: int, size: int) -> str:
    """Kept, as one row is asked for several times: to train, to judge, to be put into the gallery."""
    with open_bytes(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
