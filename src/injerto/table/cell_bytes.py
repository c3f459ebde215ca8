"""A cell of a photo or sound column to the bytes it stands for, and to a name for messages."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from injerto.errors import MediaError, did_you_mean
from injerto.places.address import Address, AddressError, Place, joined
from injerto.places.opened import is_file, local, read_bytes
from injerto.places.steady import steadily

NOWHERE = Path("no-file-of-this-machine")
"""The folder of tables whose cells may open nothing, neither files of this machine nor addresses: those of strangers."""
_GREY_LEVELS = re.compile(r"\s*\d+(\s+\d+){3,}\s*")
_HEAD = 64
_MOST_NAMES = 5000
_NOT_THERE = (None, "no such file", os.strerror(errno.ENOENT))
_CLOSED = (None, os.strerror(errno.EACCES), os.strerror(errno.EPERM))
"""What a system says; a store says more."""


def media_bytes(cell: object, folder: Place) -> bytes:
    """The bytes of a cell: a path from `folder`, bytes, a `{bytes, path}` struct, or grey levels as text.

    *Raises* MediaError. The part of its reason before ": " is one of a few fixed phrases, so that reasons can be counted.
    """
    if isinstance(cell, dict):
        # Hugging Face's layout: bytes where the picture travels with the table, else a path.
        inside = cell.get("bytes")
        cell = inside if inside is not None else cell.get("path")
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        raise MediaError("empty cell")
    if isinstance(cell, bytes | bytearray | memoryview):
        content = bytes(cell)
    elif isinstance(cell, str | Path):
        content = str(cell).encode() if is_grey_levels(cell) else _file_bytes(str(cell), folder)
    else:
        raise MediaError(f"not a path: the cell holds {cell!r}")
    if not content:
        raise MediaError("zero bytes")
    return content


def media_name(cell: object) -> str:
    """A short name of a cell for messages: its path, or what it holds."""
    if isinstance(cell, dict):
        path, inside = cell.get("path"), cell.get("bytes")
        return str(path) if path else media_name(inside)
    if isinstance(cell, bytes | bytearray | memoryview):
        return f"({len(cell)} bytes in the table)"
    if is_grey_levels(cell):
        return "(grey levels in the table)"
    return "" if cell is None else str(cell)[:200]


def is_grey_levels(cell: object) -> bool:
    """Whether a cell is a picture written as numbers between spaces, as in Kaggle's facial keypoints."""
    return isinstance(cell, str) and _GREY_LEVELS.fullmatch(cell[:_HEAD]) is not None


def media_path(text: str, folder: Place) -> Path:
    """Where the file of a cell lies; of an address, where its copy does. *Raises* MediaError when nothing readable is there."""
    place = media_place(text, folder)
    return _fetched(place, text, folder) if isinstance(place, Address) else _here(place, text, folder)


def media_place(text: str, folder: Place) -> Place:
    """What the text of a cell names, counted from `folder`; nothing is looked for. *Raises* MediaError for what is no place."""
    if folder == NOWHERE:
        raise MediaError("not opened here: the cells of this table name no files")
    if text.startswith("data:"):
        raise MediaError("an internet address: data: is not read; save the file and write its path")
    try:
        return joined(folder, text)
    except AddressError as slip:
        raise MediaError(f"an internet address: {slip.strerror}") from slip


def address_of(cell: object, folder: Place) -> Address | None:
    """The address that a cell names, counted from `folder`; None for a cell that needs nothing from elsewhere."""
    text = path_of(cell)
    try:
        place = None if text is None else media_place(text, folder)
    except MediaError:
        return None  # the reader says why
    return place if isinstance(place, Address) else None


def is_media(text: str, folder: Place) -> bool:
    """Whether the text of a cell names a file that is there; an address is only asked for, not fetched."""
    try:
        place = media_place(text, folder)
        return is_file(place) if isinstance(place, Address) else _here(place, text, folder).is_file()
    except MediaError:
        return False


def _fetched(address: Address, text: str, folder: Place) -> Path:
    """The copy of a file that lies elsewhere."""
    try:
        with file_slips():
            return local(address)
    except MediaError as slip:
        if "\\" in text and slip.reason.startswith("no such file"):
            return media_path(text.replace("\\", "/"), folder)  # written on Windows
        raise


def _here(path: Path, text: str, folder: Place) -> Path:
    """A file of this machine, which must be there and be a file."""
    try:
        mode = _mode(path)
        if mode is None and "\\" in text:
            path = Path(str(folder)) / text.strip().replace("\\", "/")  # written on Windows
            mode = _mode(path)
    except ValueError as slip:
        raise MediaError(f"not a path: {slip}") from slip
    except PermissionError as slip:
        raise MediaError("no permission to read") from slip
    except OSError as slip:
        raise MediaError(f"not a path: {slip.strerror}") from slip
    if mode is None:
        raise MediaError("no such file" + _near(path))
    if stat.S_ISDIR(mode):
        raise MediaError("a folder, not a file")
    if not stat.S_ISREG(mode):
        raise MediaError("not a regular file")  # a pipe or a device would never end
    return path


def path_of(cell: object) -> str | None:
    """The path that a cell holds and nothing nearer: no bytes, no grey levels. None for any other cell."""
    if isinstance(cell, dict) and cell.get("bytes") is None:
        cell = cell.get("path")
    return cell if isinstance(cell, str) and cell.strip() and not is_grey_levels(cell) else None


def _file_bytes(text: str, folder: Place) -> bytes:
    path = media_path(text, folder)
    with file_slips():
        return read_bytes(path)


@contextmanager
def file_slips() -> Iterator[None]:
    """What the system says of a file that it will not read, as a MediaError."""
    try:
        yield
    except MediaError:
        raise  # it has its words already, and is an OSError too
    except FileNotFoundError as slip:
        raise MediaError(f"no such file{'' if slip.strerror in _NOT_THERE else f': {slip.strerror}'}") from slip
    except IsADirectoryError as slip:
        raise MediaError("a folder, not a file") from slip
    except AddressError as slip:
        raise MediaError(f"an internet address: {slip.strerror}") from slip
    except PermissionError as slip:
        raise MediaError(f"no permission to read{'' if slip.strerror in _CLOSED else f': {slip.strerror}'}") from slip
    except OSError as slip:
        raise MediaError(f"cannot be read: {slip.strerror or slip}") from slip


def _mode(path: Path) -> int | None:
    try:
        return steadily(lambda: os.stat(path)).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def _near(path: Path) -> str:
    """What lies in the folder under a similar name."""
    names = _names(path.parent)
    if names is None:
        return f": the folder {path.parent} does not exist"
    same = names.get(path.name.casefold())
    if same is not None:
        return f": the folder has '{same}', spelled otherwise"
    near = did_you_mean(path.name, names.values()) if len(names) <= _MOST_NAMES else ""
    return f":{near}" if near else ""


@lru_cache(maxsize=8)
def _names(folder: Path) -> dict[str, str] | None:
    """Names in a folder by their small letters; kept, since missing files come in thousands."""
    try:
        return {name.casefold(): name for name in os.listdir(folder)}
    except OSError:
        return None
