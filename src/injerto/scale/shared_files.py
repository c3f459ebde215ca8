"""Whether workers see the files that this machine sees: a file that only they lack is no fault of the table."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from injerto.errors import ScaleError
from injerto.places.address import Place
from injerto.table.ledger import Entry

_LACKING = "no such file"
"""How `table/cell_bytes.py` and the reader of recordings begin to say that there is none."""


def require_shared(entries: Iterable[Entry], folder: Place) -> None:
    """*Raises* ScaleError when a worker did not find a file that is there on this machine."""
    for entry in entries:
        if entry.file and is_lacking(entry.reason):
            require_absent(folder / entry.file)


def is_lacking(reason: str) -> bool:
    """Whether that is why a file could not be used."""
    return reason.startswith(_LACKING)


def require_absent(path: Place) -> None:
    """*Raises* ScaleError when a file that a worker did not find is there on this machine; stores are the same for all."""
    if isinstance(path, Path) and os.path.exists(path):
        raise ScaleError(
            f"A worker found no file '{os.path.abspath(path)}', which is there on this machine. Put the files into a folder "
            "that all machines of the cluster see under the same path, such as a network drive, or the photos and sounds "
            "themselves into the table as bytes."
        )
