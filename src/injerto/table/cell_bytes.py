"""A cell of a photo or sound column to the bytes it stands for, and to a name for messages."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from injerto.errors import MediaError, did_you_mean

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|data:")
_GREY_LEVELS = re.compile(r"\s*\d+(\s+\d+){3,}\s*")
_HEAD = 64
_MOST_NAMES = 5000


def media_bytes(cell: object, folder: Path) -> bytes:
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


def media_path(text: str, folder: Path) -> Path:
    """Where the file of a cell lies. *Raises* MediaError when nothing readable is there."""
    if _URL.match(text):
        raise MediaError("an internet address: nothing is downloaded; fetch the file and write its path")
    path = folder / text.strip()
    try:
        mode = _mode(path)
        if mode is None and "\\" in text:
            path = folder / text.strip().replace("\\", "/")  # written on Windows
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


def _file_bytes(text: str, folder: Path) -> bytes:
    path = media_path(text, folder)
    with file_slips():
        return path.read_bytes()


@contextmanager
def file_slips() -> Iterator[None]:
    """What the system says of a file that it will not read, as a MediaError."""
    try:
        yield
    except PermissionError as slip:
        raise MediaError("no permission to read") from slip
    except OSError as slip:
        raise MediaError(f"cannot be read: {slip.strerror or slip}") from slip


def _mode(path: Path) -> int | None:
    try:
        return os.stat(path).st_mode
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
