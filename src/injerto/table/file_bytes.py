"""A file as a sequence of bytes of which only the parts asked for are read: a look at the head of 10 GB costs a head."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any, Protocol

from injerto.errors import MediaError
from injerto.places.opened import SteadyFile
from injerto.places.steady import steadily
from injerto.table.cell_bytes import file_slips

WINDOW_BYTES = 65_536
"""Read at a time, as most looks are a few bytes near the last one."""


class Content(Protocol):
    """Bytes in memory or in a file."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes: ...


class FileBytes:
    """The bytes of the file at `path`. A memory map was refused: a card that fails to read would end the process.

    *Raises* MediaError, also when there are none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with file_slips():
            self.size = steadily(lambda: os.stat(path)).st_size
        if self.size == 0:
            raise MediaError("zero bytes")
        self.place, self.window = 0, b""

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice, /) -> bytes:
        start, stop, _ = part.indices(self.size)
        stop = max(start, stop)
        if start < self.place or stop > self.place + len(self.window):
            with file_slips(), SteadyFile(self.path) as file:
                file.seek(start)
                self.place, self.window = start, file.read(max(WINDOW_BYTES, stop - start))
        return self.window[start - self.place : stop - self.place]


class Bounded:
    """What soundfile reads from. A header that lies leads before the beginning: as in a file of the system, nothing moves then.

    An error raised there would be printed by soundfile, and passed over.
    """

    def __init__(self, file: io.BufferedIOBase) -> None:
        self.file = file
        self.size = file.seek(0, io.SEEK_END)
        file.seek(0)
        self.read, self.readinto, self.tell, self.close = file.read, file.readinto, file.tell, file.close

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, as files do."""
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.file.tell(), io.SEEK_END: self.size}[whence]
        return self.file.seek(place) if place >= 0 else self.file.tell()


class Fronted(io.RawIOBase):
    """The file at `path` from byte `start` on, with `front` before it."""

    def __init__(self, front: bytes, path: Path, start: int) -> None:
        self.front, self.start = front, start
        self.file = SteadyFile(path)
        self.size = len(front) + self.file.seek(0, io.SEEK_END) - start
        self.place = 0
        self.slip: OSError | None = None
        """Why a read failed: C code that reads through this file sees only that it ends."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, room: Any) -> int:
        part = self.front[self.place : self.place + len(room)]
        if not part and self.place < self.size:
            try:
                self.file.seek(self.start + self.place - len(self.front))
                part = self.file.read(len(room)) or b""
            except OSError as slip:
                self.slip = slip
        room[: len(part)] = part
        self.place += len(part)
        return len(part)

    def close(self) -> None:
        self.file.close()
        super().close()
