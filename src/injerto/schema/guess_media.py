"""Whether a column holds photos or sounds: bytes that open, grey levels, or the names of files."""

from __future__ import annotations

import math
from pathlib import PurePosixPath

import polars as pl

from injerto.places.address import AddressError, address_in
from injerto.schema.facts import Facts, known
from injerto.schema.guess import Guess, counted
from injerto.schema.schema import InputKind
from injerto.table.column import Column
from injerto.table.media import is_media, probe
from injerto.table.suffixes import PHOTO_SUFFIXES, SOUND_SUFFIXES

_NAMES_LOOKED_AT = 200
_FILES_LOOKED_FOR = 20
_CELLS_OPENED = 5
_MOST_NAMES_NEEDED = 0.9
_GREY_LEVELS = r"^\d{1,5}( +\d{1,5}){63,}$"


def guess_media(column: Column, facts: Facts) -> Guess[InputKind] | None:
    """Photos, sounds, or None when the column is neither. Only a sample of the cells is looked at."""
    if facts.family == "media":
        return _opened(column)
    if facts.family != "text" or not facts.known:
        return None
    cells = sample(column, _NAMES_LOOKED_AT)
    return _grey_levels(cells) or _file_names(column, cells)


def sample(column: Column, count: int) -> pl.Series:
    """At most `count` cells that hold something, spread evenly over the column."""
    cells = known(column.values).drop_nulls()
    return cells.gather_every(max(1, math.ceil(len(cells) / count)))


def files_found(column: Column) -> tuple[int, int]:
    """How many of some cells name a file that exists, and how many cells were looked at."""
    cells = sample(column, _FILES_LOOKED_FOR)
    return sum(is_media(str(cell), column.folder) for cell in cells), len(cells)


def _opened(column: Column) -> Guess[InputKind]:
    cells = sample(column, _CELLS_OPENED)
    if any(probe(cell, column.folder, "image") is None for cell in cells):
        return Guess("image", "cells whose content opens as pictures: photos")
    if any(probe(cell, column.folder, "sound") is None for cell in cells):
        return Guess("sound", "cells whose content opens as recordings: sounds")
    return Guess(None, f"bytes or nested cells; none of {counted(len(cells), 'cell')} looked at opens as a photo or a sound")


def _grey_levels(cells: pl.Series) -> Guess[InputKind] | None:
    if not cells.head(_CELLS_OPENED).str.contains(_GREY_LEVELS).all():
        return None
    count = len(str(cells[0]).split())
    side = math.isqrt(count)
    shape = f", {side} x {side}" if side * side == count else ""
    return Guess("image", f"{count:,} grey levels in each cell{shape}: photos")


def _file_names(column: Column, cells: pl.Series) -> Guess[InputKind] | None:
    suffixes = [_suffix(cell) for cell in cells]
    kinds: list[tuple[InputKind, str, frozenset[str]]] = [
        ("image", "photos", PHOTO_SUFFIXES),
        ("sound", "sounds", SOUND_SUFFIXES),
    ]
    for kind, noun, valid in kinds:
        named = [suffix for suffix in suffixes if suffix in valid]
        if len(named) >= _MOST_NAMES_NEEDED * len(suffixes):
            ending = max(sorted(set(named)), key=named.count)
            found, tried = files_found(column)
            if found:
                return Guess(kind, f"names of files ending in {ending} that exist: {noun}")
            tried_words = counted(tried, "file")
            return Guess(
                kind, f"names ending in {ending}, but none of {tried_words} looked for exists in {column.folder}: {noun}"
            )
    return None


def _suffix(cell: str) -> str:
    """The ending of a file's name, whether the cell is a path, one written on Windows, or an address with a query."""
    try:
        address = address_in(cell)
    except AddressError:
        return ""
    return (PurePosixPath(cell.replace("\\", "/")) if address is None else address).suffix.lower()
