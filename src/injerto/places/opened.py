"""The one door to the content of files: whole or open for reading, and tried again where a read slips."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from injerto.places.address import Address, Place
from injerto.places.spool import SPOOL
from injerto.places.steady import steadily
from injerto.places.stores import facts_of

BUFFER_BYTES = 262_144


def local(place: Place) -> Path:
    """The file itself, or a copy of it on this machine. *Raises* OSError."""
    return SPOOL.local(place) if isinstance(place, Address) else place


def read_bytes(place: Place) -> bytes:
    """All bytes of a file. *Raises* OSError."""
    path = local(place)
    return steadily(lambda: _whole(path))


def open_bytes(place: Place) -> io.BufferedReader:
    """A file open for reading; a read that slips is tried again from where it began. *Raises* OSError."""
    return io.BufferedReader(SteadyFile(local(place)), BUFFER_BYTES)


def exists(place: Place) -> bool:
    """Whether there is a file or a folder. *Raises* OSError where that cannot be told, as without credentials."""
    if isinstance(place, Path):
        return place.exists()
    try:
        # Some servers refuse to be asked without sending. What follows # is never sent: the sheet of a workbook.
        return "#" not in place.name if place.on_web else bool(steadily(lambda: facts_of(place)))
    except FileNotFoundError:
        return False


def is_file(place: Place) -> bool:
    """Whether a file lies there; False where that cannot be told."""
    try:
        return not steadily(lambda: facts_of(place)).is_folder if isinstance(place, Address) else os.path.isfile(place)
    except OSError:
        return False


def is_folder(place: Place) -> bool:
    """Whether it is a folder; on the web, whether the address ends as one of a folder does. *Raises* OSError for an address."""
    if isinstance(place, Path):
        return place.is_dir()
    if place.on_web:
        return place.text.endswith("/")
    try:
        return steadily(lambda: facts_of(place)).is_folder
    except FileNotFoundError:
        return False


class SteadyFile(io.RawIOBase):
    """A file of this machine. A read that fails in passing is tried again, with the file opened anew."""

    def __init__(self, path: Path) -> None:
        self.path, self.place = path, 0
        self.name = str(path)
        """As every file has it."""
        self.file = steadily(lambda: open_raw(path))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.place}.get(whence)
        self.place = offset + (os.fstat(self.file.fileno()).st_size if start is None else start)
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, room: Any) -> int:
        count = steadily(lambda: self._once(room))
        self.place += count
        return count

    def _once(self, room: Any) -> int:
        if self.file.closed:
            self.file = open_raw(self.path)
        try:
            self.file.seek(self.place)
            return self.file.readinto(room) or 0
        except OSError:
            self.file.close()  # a handle that went stale stays so: the next try opens the file anew
            raise

    def close(self) -> None:
        if not self.closed:
            self.file.close()
        super().close()


def open_raw(path: Path) -> io.FileIO:
    """The only call that opens files to be read as photos, sounds and tables."""
    return io.FileIO(path, "rb")


def _whole(path: Path) -> bytes:
    with open_raw(path) as file:
        return file.readall()
