"""Vectors computed before, on disk: found again by what they were computed from, checked before they are believed."""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import platformdirs

if TYPE_CHECKING:  # the crew looks at files, for which it needs what is here
    from injerto.backbones.crew import Crew

FOLDER_SETTING = "INJERTO_CACHE"
VARIABLES = 500
"""Keys in one query."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, checksum INTEGER NOT NULL, vector BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stamp BLOB NOT NULL, digest BLOB NOT NULL) WITHOUT ROWID",
)


def default_folder() -> Path:
    """The setting INJERTO_CACHE, else the user's cache folder."""
    chosen = os.environ.get(FOLDER_SETTING)
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("injerto"))


class VectorCache:
    """A table of vectors by key, shared by processes, whole after a kill at any moment (SQLite with a write-ahead log).

    A cache never stops the work: when its disk is full or its file is damaged, `trouble` says so in a sentence and
    the vectors are computed. A vector whose checksum is wrong counts as not there.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.file = Path(folder or default_folder()) / "vectors.sqlite"
        self.crew: Crew | None = None
        """Who computes the vectors that are not here; None: whoever asks."""
        self.trouble = ""
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None
        self._writable = True
        try:
            self._open = self._connect()
        except (OSError, sqlite3.Error) as slip:
            self._fail(slip)

    def vectors(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """The vectors (C,) float32 that are here, by key."""
        found = {}
        for key, checksum, content in self._rows("SELECT key, checksum, vector FROM vectors WHERE key IN ({})", keys):
            if isinstance(content, bytes) and _checksum(key, content) == checksum and len(content) % 4 == 0:
                found[key] = np.frombuffer(content, dtype="<f4")
        return found

    def keep(self, vectors: Mapping[bytes, np.ndarray]) -> None:
        """Write vectors down; all of them or, after a kill, none."""
        rows = [(key, content := vector.astype("<f4").tobytes(), _checksum(key, content)) for key, vector in vectors.items()]
        self._write("INSERT OR REPLACE INTO vectors (key, vector, checksum) VALUES (?, ?, ?)", rows)

    def digests(self, stamps: Mapping[str, bytes]) -> dict[str, bytes]:
        """The content digests of files whose stamp (times, size, place on disk) is the one seen when they were read."""
        rows = self._rows("SELECT path, stamp, digest FROM files WHERE path IN ({})", list(stamps))
        return {path: digest for path, stamp, digest in rows if stamps[path] == stamp}

    def keep_digests(self, files: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Write down stamp and digest of files that were read, by path."""
        rows = [(path, stamp, digest) for path, (stamp, digest) in files.items()]
        self._write("INSERT OR REPLACE INTO files (path, stamp, digest) VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connect(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._opened()
        except sqlite3.DatabaseError as slip:
            if isinstance(slip, sqlite3.OperationalError):
                raise  # no permission, no space: a new file would not help
            # Not a database any more. What it held can be computed again; it is set aside, not lost.
            self.trouble = f"The cache {self.file} was damaged and has been set aside; vectors are computed again."
            self.file.replace(self.file.with_suffix(".damaged"))
            for rest in ("-wal", "-shm"):
                Path(f"{self.file}{rest}").unlink(missing_ok=True)
            return self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, timeout=60, isolation_level=None, check_same_thread=False)
        try:
            # 16 KiB pages hold three vectors of 1,280 numbers each; the usual 4 KiB would scatter every vector over two.
            connection.execute("PRAGMA page_size=16384")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA mmap_size=1073741824")
            for table in _TABLES:
                connection.execute(table)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _rows(self, query: str, keys: Sequence[bytes] | Sequence[str]) -> list[tuple[Any, Any, Any]]:
        rows: list[tuple[Any, Any, Any]] = []
        with self._lock:
            if self._open is None:
                return rows
            try:
                for part in (keys[start : start + VARIABLES] for start in range(0, len(keys), VARIABLES)):
                    rows += self._open.execute(query.format(",".join("?" * len(part))), part).fetchall()
            except sqlite3.Error as slip:
                self._fail(slip)
        return rows

    def _write(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        with self._lock:
            if self._open is None or not self._writable or not rows:
                return
            try:
                self._open.execute("BEGIN IMMEDIATE")
                self._open.executemany(query, rows)
                self._open.execute("COMMIT")
            except sqlite3.Error as slip:
                self._fail(slip)

    def _fail(self, slip: Exception) -> None:
        """Go on without writing (disk full, no permission), or without the cache at all (file damaged)."""
        self.trouble = f"The cache {self.file} cannot be used: {slip}. The work goes on without it, slower next time."
        self._writable = False
        if self._open is not None:
            if self._open.in_transaction:
                with suppress(sqlite3.Error):
                    self._open.execute("ROLLBACK")
            if not isinstance(slip, sqlite3.OperationalError):
                self._open.close()
                self._open = None


def _checksum(key: bytes, content: bytes) -> int:
    return zlib.crc32(content, zlib.crc32(key))
