"""All files below a folder, in the same order on every machine."""

from __future__ import annotations

import os
from pathlib import Path

from injerto.errors import TableError


def files_below(folder: Path) -> list[str]:
    """Files under `folder` as sorted paths from it, hidden ones passed over; links to folders are followed once.

    *Raises* TableError where a folder cannot be read.
    """
    found: list[str] = []
    seen: set[str] = set()

    def refuse(slip: OSError) -> None:
        raise TableError(f"The folder {slip.filename} cannot be read: {slip.strerror}.") from slip

    for place, folders, names in os.walk(folder, followlinks=True, onerror=refuse):
        real = os.path.realpath(place)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if real not in seen else []
        if real in seen:
            continue
        seen.add(real)
        found += [Path(place, name).relative_to(folder).as_posix() for name in names if not name.startswith(".")]
    return sorted(found)
