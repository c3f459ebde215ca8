"""Tell that a file's content is the one read before, without reading it: from its times, size and place, or a store's word."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from injerto.errors import MediaError
from injerto.places.address import Address, Place
from injerto.places.ahead import THREADS
from injerto.places.spool import SPOOL
from injerto.places.steady import steadily
from injerto.table.cell_bytes import media_place, path_of

SETTLED_SECONDS = 2
"""A file changed less than this before it was read could change again without its times showing it."""

Stamp = tuple[str, bytes]
"""The full path or address of a file, and what changes when it does."""


def stamp_of(cell: object, folder: Place) -> Stamp | None:
    """The stamp of a cell whose content is in a file; None for any other cell, and for a file just written.

    Of an address it is what the store says: the ETag, the size and the time. None where it says nothing of the kind.
    """
    text = path_of(cell)
    try:
        place = None if text is None else media_place(text, folder)
        if isinstance(place, Address):
            told = SPOOL.stamp(place)
            return None if told is None else (place.text, told)
        return None if place is None else _of_file(place)
    except (MediaError, OSError, ValueError):
        return None


def stamps_of(cells: Iterable[object], folder: Place) -> list[Stamp | None]:
    """The stamp of each cell; stores are asked for many at once, as each answer takes its time."""
    told = list(cells)
    if isinstance(folder, Path) and not any("://" in (path_of(cell) or "") for cell in told):
        return [stamp_of(cell, folder) for cell in told]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda cell: stamp_of(cell, folder), told))


def _of_file(path: Path) -> Stamp | None:
    facts = steadily(lambda: os.stat(path))
    # The time of the last change of the directory entry (ctime) cannot be set back by a program, unlike the file's own.
    if max(facts.st_mtime, facts.st_ctime) > time.time() - SETTLED_SECONDS:
        return None
    state = struct.pack("<qqqQQ", facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size, facts.st_ino, facts.st_dev)
    return str(path), state
