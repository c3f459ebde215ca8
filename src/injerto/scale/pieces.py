"""Tables in pieces of rows that travel: bounded bytes, the rows' numbers kept, paths that hold on every machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from injerto.places.address import Place, place_of
from injerto.scale.parcel import Parcel
from injerto.table.table import Table

MOST_BYTES = 16 * 1024**2
"""Of a piece, where it has more than one row."""
FILE_ROWS, VECTOR_ROWS, OTHER_ROWS = (16, 256), (16, 1024), (1024, 49_152)
"""The fewest and most rows of a piece that name files to answer, name files to be made vectors, and name none: seconds of work
each, so that little is lost with a worker, and far more than the 10 ms that whoever sends them spends on a piece whatever its
size. Of files to answer a worker may hold the pixels."""
Sort = Literal["files", "vectors", "rows"]
_SHARES = 4
"""Pieces for each worker, where rows are few, so that none waits long for the last."""


def cut(tables: Iterable[Table], *, workers: int, sort: Sort) -> Iterator[Table]:
    """The pieces of tables that follow each other, such as those of one that does not fit into memory."""
    fewest, most = {"files": FILE_ROWS, "vectors": VECTOR_ROWS, "rows": OTHER_ROWS}[sort]
    for table in tables:
        rows = min(most, max(fewest, -(-len(table) // (_SHARES * workers))))
        for start in range(0, len(table), rows):
            yield from _halved(_slice(table, start, rows))


def for_all(place: Place) -> str:
    """A file or folder as every machine calls it."""
    return os.path.abspath(place) if isinstance(place, Path) else str(place)


def packed(piece: Table) -> bytes:
    """A piece as bytes."""
    about = pl.DataFrame({"folder": [for_all(piece.folder)], "name": [piece.name]})
    return Parcel({"cells": piece.frame, "about": about}, {"rows": piece.rows.astype(np.int64)}).packed()


def unpacked(content: bytes) -> Table:
    """What `packed` gave, on another machine: relative paths start where they did."""
    parcel = Parcel.unpacked(content)
    folder, name = parcel.frames["about"].row(0)
    return Table(parcel.frames["cells"], place_of(folder), name, parcel.arrays["rows"])


def _halved(piece: Table) -> Iterator[Table]:
    if len(piece) < 2 or piece.frame.estimated_size() <= MOST_BYTES:
        yield piece
        return
    half = len(piece) // 2
    yield from _halved(_slice(piece, 0, half))
    yield from _halved(_slice(piece, half, len(piece) - half))


def _slice(table: Table, start: int, count: int) -> Table:
    return replace(table, frame=table.frame.slice(start, count), rows=table.rows[start : start + count], lines=None)
