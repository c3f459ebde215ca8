"""Tell from a file's times, size and place on disk that its content is the one read before, without reading it."""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path

from injerto.table.cell_bytes import path_of

SETTLED_SECONDS = 2
"""A file changed less than this before it was read could change again without its times showing it."""


def stamp_of(cell: object, folder: Path) -> tuple[str, bytes] | None:
    """The full path and stamp of a cell whose content is in a file; None for any other cell, and for a file just written."""
    text = path_of(cell)
    if text is None:
        return None
    path = os.path.join(folder, text.strip())
    try:
        facts = os.stat(path)
    except (OSError, ValueError):
        return None
    # The time of the last change of the directory entry (ctime) cannot be set back by a program, unlike the file's own.
    if max(facts.st_mtime, facts.st_ctime) > time.time() - SETTLED_SECONDS:
        return None
    return path, struct.pack("<qqqQQ", facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size, facts.st_ino, facts.st_dev)
