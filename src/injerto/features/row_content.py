"""What a row says as one number, the same for every file, order and program that the row came through."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, Literal

import numpy as np
import polars as pl

from injerto.errors import MediaError
from injerto.features.spelling import plain
from injerto.places.address import Place
from injerto.places.opened import open_bytes
from injerto.table.cell_bytes import media_name, media_path, path_of
from injerto.table.column import Column
from injerto.table.table import Table
from injerto.table.words import words

Sort = Literal["number", "text", "file"]

PIECE_BYTES = 4096
"""Of a file its size and three pieces so long are looked at: start, middle and end. The whole may be gigabytes."""
_ROWS_AT_ONCE = 100_000
_EMPTY = np.uint64(0x9E3779B97F4A7C15)


def row_contents(table: Table, columns: Mapping[str, Sort]) -> np.ndarray:
    """64 bits (N,) uint64 of the cells of `columns`, which `table` must have, in that order.

    Numbers count by value, texts by their spelling as `words` has it, files by size and parts of their bytes, not by name.

    *Raises* ColumnError when a column is missing.
    """
    content = np.zeros(len(table), dtype=np.uint64)
    for name, sort in columns.items():
        # The order counts: what stands in two columns is another row when they change places.
        content = _mixed(content * np.uint64(31) + _SORTS[sort](table.column(name)))
    return content


def _numbers(column: Column) -> np.ndarray:
    values = column.values
    if values.dtype == pl.String:
        values = values.str.strip_chars()
    floats = values.cast(pl.Float64, strict=False).fill_nan(None)
    known = floats.is_not_null().to_numpy()
    bits = (floats.fill_null(0.0).to_numpy() + 0.0).view(np.uint64)  # adding 0 makes -0.0 one with 0.0
    return np.where(known, _mixed(bits), _EMPTY)


def _texts(column: Column) -> np.ndarray:
    values = column.values
    if isinstance(values.dtype, pl.Datetime):
        values = values.dt.replace_time_zone(None).cast(pl.Datetime("us"))
    text = plain(words(values)).str.replace(r"[ T]00:00:00(\.0*)?$", "")  # a day, whether read as text, date or moment
    content = np.concatenate([_of_texts(text[start : start + _ROWS_AT_ONCE]) for start in range(0, len(text), _ROWS_AT_ONCE)])
    return np.where(text.is_null().to_numpy(), _EMPTY, content)


def _files(column: Column) -> np.ndarray:
    with ThreadPoolExecutor(column.readers(1)) as pool:
        return _of_each(list(pool.map(lambda index: _file(column.cell(index), column.folder), range(len(column)))))


_SORTS = {"number": _numbers, "text": _texts, "file": _files}


def _file(cell: object, folder: Place) -> bytes | str | None:
    """What tells the file of a cell from others, on disk or in the table; its name where it cannot be read."""
    text = path_of(cell)
    if text is None:
        inside = cell.get("bytes") if isinstance(cell, dict) else cell
        if isinstance(inside, bytes):
            return _pieces(io.BytesIO(inside), len(inside))
        return inside if isinstance(inside, str) else None
    try:
        path = media_path(text, folder)
        with open_bytes(path) as file:
            return _pieces(file, path.stat().st_size)
    except (MediaError, OSError):
        return media_name(cell)


def _pieces(file: BinaryIO, size: int) -> bytes:
    pieces = [size.to_bytes(8, "little")]
    for place in (0, size // 2, size - PIECE_BYTES):
        file.seek(max(0, place))
        pieces.append(file.read(PIECE_BYTES))
    return b"".join(pieces)


def _of_texts(text: pl.Series) -> np.ndarray:
    """The sum (N,) over all bytes of a text of a number that each byte has at its place."""
    lengths = text.str.len_bytes().fill_null(0).cast(pl.Int64).to_numpy()
    letters = np.frombuffer("".join(text.drop_nulls().to_list()).encode(), dtype=np.uint8)
    ends = np.cumsum(lengths)
    place = np.arange(len(letters)) - np.repeat(ends - lengths, lengths)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_mixed((place * 256 + letters + 1).astype(np.uint64)))])
    return _mixed(sums[ends] - sums[ends - lengths])


def _of_each(cells: list[bytes | str | None]) -> np.ndarray:
    """A hash (N,) of each; equal cells are hashed once."""
    known = {cell: _hash(cell) for cell in set(cells) if cell is not None}
    return np.array([_EMPTY if cell is None else known[cell] for cell in cells], dtype=np.uint64)


def _hash(cell: bytes | str) -> int:
    content = cell.encode("utf-8", "surrogatepass") if isinstance(cell, str) else cell
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


def _mixed(bits: np.ndarray) -> np.ndarray:
    """Every bit of (N,) uint64 spread over all. *Source*: the finaliser of SplitMix64, Steele et al. 2014."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(bits ^ (bits >> np.uint64(31)))
