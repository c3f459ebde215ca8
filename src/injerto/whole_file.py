"""A file that is whole or not there: written beside its place, then moved there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from injerto.errors import OutputError
from injerto.places.address import Address, place_of

_COPIERS = {"s3": "'aws s3 cp --recursive'", "gs": "'gcloud storage cp --recursive'"}


def require_here(path: Path) -> None:
    """*Raises* OutputError for an address: results and models are written on this machine, from where they can be copied."""
    place = place_of(path)
    if isinstance(place, Address):
        raise OutputError(
            f"'{place}' is an address, and nothing is written there. Give a place on this machine, then copy it, for example "
            f"with {_COPIERS.get(place.scheme, 'the tool of that server')}."
        )


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file beside its place, then move it there: it is whole or not there. Its folder is made if need be.

    *Raises* OutputError when the disk is full or the folder cannot be written; what stood at `path` is kept then.
    """
    require_here(path)
    place = path.resolve()
    if place.exists() and not place.is_file():
        _pour(place, path, write)  # a device or a pipe: nothing to put beside it
        return
    handle, name = _beside(place, path)
    os.close(handle)
    fresh = Path(name)
    try:
        _pour(fresh, path, write)
        fresh.chmod(0o666 & ~_umask())  # mkstemp's file is private
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def _pour(place: Path, shown: Path, write: Callable[[IO[bytes]], object]) -> None:
    try:
        with place.open("wb") as file:
            write(file)
    except OSError as error:
        raise OutputError(f"'{shown}' cannot be written: {error.strerror or error}.") from error


def _beside(place: Path, shown: Path) -> tuple[int, str]:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    except OSError as error:
        raise OutputError(f"'{shown}' cannot be written: {error.strerror or error}.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
