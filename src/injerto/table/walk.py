"""All files below a folder, in the same order on every machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from injerto.errors import TableError
from injerto.places.address import Address, Place
from injerto.places.steady import steadily
from injerto.places.stores import names_below


def files_below(folder: Place) -> list[str]:
    """Files under `folder` as sorted paths from it, hidden ones passed over; links to folders are followed once.

    *Raises* TableError where a folder cannot be read.
    """
    if isinstance(folder, Address):
        return _in_store(folder)
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
        above = Path(place).relative_to(folder).as_posix() + "/"
        found += [above + name if above != "./" else name for name in names if not name.startswith(".")]
    return sorted(found)


def folders_below(folder: Place, depth: int, files: Sequence[str]) -> list[str]:
    """Folders `depth` levels under `folder` as sorted paths from it, hidden ones passed over; `files` are all files there.

    A store has no folders but those in the names of its files.
    """
    if isinstance(folder, Path):
        places = [place.relative_to(folder) for place in folder.glob("/".join("*" * depth)) if place.is_dir()]
        return sorted(place.as_posix() for place in places if not any(part.startswith(".") for part in place.parts))
    return sorted({"/".join(file.split("/")[:depth]) for file in files if file.count("/") >= depth})


def _in_store(folder: Address) -> list[str]:
    try:
        names = steadily(lambda: names_below(folder))
    except OSError as slip:
        raise TableError(f"The folder {folder} cannot be read: {slip.strerror or slip}.") from slip
    return [name for name in names if not any(part.startswith(".") for part in name.split("/"))]
