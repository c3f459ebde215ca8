"""The journal: each finished recording is on disk before the next one begins, so that a kill costs one recording."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from injerto.errors import OutputError
from injerto.listening.heard import Heard
from injerto.progress import Progress

SYNC_SECONDS = 0.5
"""Lines are flushed one by one, so that a kill loses none, and forced onto the disk this often: a power cut costs this much.
To force each took three milliseconds, an hour for a million files that cannot be read."""


class Journal:
    """A folder with a line for each recording and, if asked for, a file of all shares.

    `identity` says of which model, options and recordings it is; a journal of another is removed. Its index takes 16 bytes a
    recording. *Raises* OutputError when the folder cannot be used.
    """

    def __init__(self, folder: Path, identity: str, *, width: int, progress: Progress) -> None:
        self.folder, self.width = folder, width
        self._lines, self._shares = folder / "heard.jsonl", folder / "shares.f32"
        head = folder / "head.json"
        try:
            old = _identity(head)
            if old is not None and old != identity:
                progress.say(f"'{folder}' holds an unfinished listening of another model, options or list; it starts anew.")
            if old != identity:
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                head.write_text(json.dumps({"identity": identity}), encoding="utf-8")
            self._keys, self._places, rows = self._read()
            self._file = self._lines.open("r+b" if self._lines.exists() else "w+b")
            self._file.seek(0, os.SEEK_END)
            self._rows = self._shares.open("r+b" if self._shares.exists() else "w+b")
            self._rows.truncate(rows * 4 * width)  # what a kill left of a recording that was not finished
            self._rows.seek(0, os.SEEK_END)
        except OSError as slip:
            raise _unusable(folder, slip) from slip
        self._synced_s = time.monotonic()
        self.resumed = len(self._keys)
        """Recordings that an earlier run finished."""

    def _read(self) -> tuple[np.ndarray, np.ndarray, int]:
        """Keys of the recordings, sorted, with the places of their lines, and how many rows of shares they have."""
        keys, places, rows, place = array("Q"), array("Q"), 0, 0
        if self._lines.exists():
            with self._lines.open("rb") as file:
                for line in file:
                    try:
                        heard = Heard.of_line(line) if line.endswith(b"\n") else None
                    except ValueError:
                        heard = None
                    if heard is None:
                        break
                    keys.append(_key(heard.recording, heard.stamp))
                    places.append(place)
                    rows = max(rows, sum(heard.rows))
                    place += len(line)
            os.truncate(self._lines, place)  # a line that a kill cut short
        order = np.argsort(np.array(keys, dtype=np.uint64), kind="stable")
        return np.array(keys, dtype=np.uint64)[order], np.array(places, dtype=np.uint64)[order], rows

    def find(self, recording: str, stamp: tuple[int, int]) -> int | None:
        """Where the line of a recording begins that an earlier run finished; None when it is not there or has changed."""
        key = np.uint64(_key(recording, stamp))
        place = int(np.searchsorted(self._keys, key))
        return int(self._places[place]) if place < len(self._keys) and self._keys[place] == key else None

    def keep_shares(self, shares: np.ndarray) -> None:
        """Shares (T,K) of the recording that is being heard."""
        self._rows.write(np.ascontiguousarray(shares, dtype="<f4").data)

    @property
    def rows(self) -> int:
        """Rows of shares so far."""
        return self._rows.tell() // (4 * self.width)

    def forget_shares(self, rows: int) -> None:
        """Go back to this many rows: the recording turned out to be unusable on the way."""
        self._rows.flush()
        self._rows.truncate(rows * 4 * self.width)
        self._rows.seek(0, os.SEEK_END)

    def add(self, heard: Heard) -> int:
        """Write a finished recording down, where no kill can take it back, and say where its line begins."""
        place = self._file.tell()
        if heard.rows[1]:
            _to_disk(self._rows)
        self._file.write(heard.to_line().encode() + b"\n")
        self._file.flush()
        if heard.rows[1] or time.monotonic() - self._synced_s > SYNC_SECONDS:
            _to_disk(self._file)
            self._synced_s = time.monotonic()
        return place

    def read(self, places: array[int]) -> Iterator[Heard]:
        """The recordings whose lines begin at `places`."""
        with self._lines.open("rb") as file:
            for place in places:
                file.seek(place)
                yield Heard.of_line(file.readline())

    def shares(self, heard: Heard) -> np.ndarray:
        """The shares (T,K) of a recording."""
        first, count = heard.rows
        found = np.fromfile(self._shares, dtype="<f4", count=count * self.width, offset=first * 4 * self.width)
        return found.reshape(-1, self.width)

    def close(self) -> None:
        """Nothing more will be written; what is there can be read."""
        _to_disk(self._file)
        self._file.close()
        self._rows.close()

    def remove(self) -> None:
        """What it holds is written elsewhere."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _key(recording: str, stamp: tuple[int, int]) -> int:
    """64 bits for a recording as it was when it was heard."""
    text = f"{recording}\0{stamp[0]}\0{stamp[1]}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


def _identity(head: Path) -> str | None:
    try:
        found = json.loads(head.read_text(encoding="utf-8"))
        return str(found["identity"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return ""


def _unusable(folder: Path, slip: OSError) -> OutputError:
    return OutputError(
        f"The working folder '{folder}' cannot be used: {slip.strerror or slip}. Choose another place for --out."
    )
