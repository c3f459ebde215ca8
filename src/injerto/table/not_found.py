"""What to say of a table that is not there: where its path stops to exist, and what lies near."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from injerto.errors import did_you_mean
from injerto.places.address import Address, Place

_LISTED = 5


def not_found(place: Place, suffixes: Collection[str]) -> str:
    """A sentence on `place`, at which nothing is; tables have one of `suffixes`."""
    if isinstance(place, Address):
        return (
            f"There is no table {place}: the store has no file and no folder of this name. Check its bucket and its spelling."
        )
    folder = place.parent
    if folder.is_dir():
        return f"There is no table {place}.{_near(place.name, folder, suffixes)}"
    there = next(parent for parent in (*folder.parents, Path(".")) if parent.is_dir())
    lacking = folder.relative_to(there).parts[0]
    near = did_you_mean(lacking, [entry.name for entry in there.iterdir() if entry.is_dir()])
    return f"There is no table {place}: the folder {folder} does not exist.{near or f' Look into {there.resolve()}.'}"


def _near(name: str, folder: Path, suffixes: Collection[str]) -> str:
    """The name that may be meant or, where none is like it, the tables that are there."""
    names = sorted(entry.name for entry in folder.iterdir())
    near = did_you_mean(name, names)
    if near:
        return near
    tables = [one for one in names if Path(one).suffix.lower() in suffixes]
    if not tables:
        return f" The folder {folder.resolve()} has no table at all: check the path, or where you are."
    more = f" and {len(tables) - _LISTED:,} more" if len(tables) > _LISTED else ""
    return f" In {folder.resolve()} there are {', '.join(tables[:_LISTED])}{more}."
