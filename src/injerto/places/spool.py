"""Copies of remote files on this machine, fetched once for all who read them, and bounded: the oldest make room for the new."""

from __future__ import annotations

import atexit
import errno
import os
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from injerto.places.address import Address, AddressError
from injerto.places.steady import steadily
from injerto.places.stores import facts_of, fetch

ROOM_SETTING = "INJERTO_SPOOL_GB"
ROOM_GB = 20.0
"""All copies of a process together, unless the setting says otherwise; never more than half of what is free on the disk."""
BELIEVED_S = 600.0
"""A copy so old is used again only when the store says that the file is the same."""
AT_REST_S = 30.0
"""A copy that was asked for a moment ago may be about to be opened: it makes no room yet."""


@dataclass
class _Copy:
    path: Path
    size: int
    stamp: bytes | None
    checked: float
    asked: float


class Spool:
    """One a process. `local` may be called by several threads: a file that two want is fetched once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._copies: OrderedDict[Address, _Copy] = OrderedDict()
        self._coming: dict[Address, Future[Path]] = {}
        self._slips: dict[Address, OSError] = {}
        self._folder: Path | None = None
        self._number = 0
        self.fetched = 0
        """Files that came over the network so far."""

    def local(self, address: Address) -> Path:
        """A copy of the file at `address`. *Raises* OSError as a file of this machine would, after three tries."""
        with self._lock:
            slip = self._slips.pop(address, None)
            known = self._copies.get(address)
            if slip is None and known is not None and self._believed(known):
                self._copies.move_to_end(address)
                return known.path
            coming = self._coming.get(address)
            mine = coming is None and slip is None
            if mine:
                coming = self._coming[address] = Future()
        if slip is not None:
            raise slip
        assert coming is not None
        if mine:
            self._fetch_for(address, coming, known)
        return coming.result()

    def ahead(self, address: Address) -> None:
        """Fetch a file that will be asked for; why it cannot be fetched is told to the one who asks, without another try."""
        try:
            self.local(address)
        except OSError as slip:
            with self._lock:
                self._slips[address] = slip

    def stamp(self, address: Address) -> bytes | None:
        """What the store said of the content of the copy, where there is one that is believed; else what it says now.

        *Raises* OSError where it cannot be asked.
        """
        with self._lock:
            known = self._copies.get(address)
            if known is not None and self._believed(known):
                return known.stamp
        return steadily(lambda: facts_of(address)).stamp

    def _believed(self, copy: _Copy) -> bool:
        now = time.monotonic()
        copy.asked = now
        return now - copy.checked < BELIEVED_S and copy.path.exists()

    def _fetch_for(self, address: Address, coming: Future[Path], known: _Copy | None) -> None:
        try:
            coming.set_result(self._fresh(address, known))
        except BaseException as slip:
            coming.set_exception(slip)
        finally:
            with self._lock:
                self._coming.pop(address, None)

    def _fresh(self, address: Address, known: _Copy | None) -> Path:
        facts = steadily(lambda: facts_of(address))
        if facts.is_folder:
            raise IsADirectoryError(errno.EISDIR, "a folder, not a file")
        now = time.monotonic()
        if known is not None and known.stamp is not None and known.stamp == facts.stamp and known.path.exists():
            known.checked = known.asked = now
            return known.path
        path = self._next()
        steadily(lambda: _whole(address, path, facts.size))
        self._keep(address, _Copy(path, path.stat().st_size, facts.stamp, now, now))
        return path

    def _next(self) -> Path:
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="injerto-files-"))
                atexit.register(shutil.rmtree, self._folder, True)
            self._number += 1
            return self._folder / f"{self._number:07d}"

    def _keep(self, address: Address, copy: _Copy) -> None:
        with self._lock:
            self.fetched += 1
            before = self._copies.pop(address, None)
            self._copies[address] = copy
            room = _room(copy.path.parent)
            held = sum(one.size for one in self._copies.values()) if self.fetched % 64 == 0 or copy.size > room / 64 else 0
            gone = [] if before is None else [before]
            for oldest, one in list(self._copies.items()) if held > room else []:
                if held <= room or time.monotonic() - one.asked < AT_REST_S:
                    break
                gone.append(self._copies.pop(oldest))
                held -= one.size
        for one in gone:
            one.path.unlink(missing_ok=True)


def _whole(address: Address, path: Path, size: int | None) -> None:
    """*Raises* OSError that passes when fewer bytes came than the store promised."""
    fetch(address, path)
    held = path.stat().st_size
    if size is not None and held < size:
        raise OSError(errno.EIO, f"only {held:,} of {size:,} bytes came")


def _room(folder: Path) -> float:
    """Bytes that copies may take."""
    told = os.environ.get(ROOM_SETTING) or ROOM_GB
    try:
        wanted_gb = float(told)
    except ValueError as slip:
        raise AddressError(f"{ROOM_SETTING} is '{told}': give a number of gigabytes, such as {ROOM_GB:g}") from slip
    return min(wanted_gb * 1e9, max(0.5 * shutil.disk_usage(folder).free, 1e6))


SPOOL = Spool()
"""The copies of this process."""
