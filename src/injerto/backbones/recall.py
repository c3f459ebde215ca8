"""What the cache knows about a column's files: by their content, or by a stamp that says the content is unchanged."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from injerto.backbones.cache import VectorCache
from injerto.backbones.stamps import stamp_of, stamps_of
from injerto.places.opened import open_bytes
from injerto.table.cell_bytes import file_slips
from injerto.table.column import Column
from injerto.table.sound_source import sound_source
from injerto.table.span import Span, span_of

PART = 2000
"""Rows looked up at a time: their vectors are in memory twice for a moment."""
WRITE_VECTORS = 256
WRITE_SECONDS = 2.0
"""Vectors are written down after so many or so long, so that a killed run loses little."""


@dataclass
class _Recording:
    """A file with clips: the digest of its content, and its times and size when that was taken."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    digest: bytes = b""
    state: tuple[int, int, int] | None = None


class Recall:
    """Keys, vectors and digests of one call of `extract`, with or without a cache behind."""

    def __init__(self, cache: VectorCache | None, space: str, column: Column) -> None:
        """`space` is all a vector depends on besides the file: backbone, transform, engine."""
        self.cache, self.space, self.column = cache, space.encode(), column
        self.lock = threading.Lock()
        self.recordings: dict[str, _Recording] = {}
        self.fresh_files: dict[str, tuple[bytes, bytes]] = {}
        self.fresh: dict[bytes, np.ndarray] = {}
        self.written = time.monotonic()

    def key(self, digest: bytes, span: Span | None = None) -> bytes:
        """The key of the vector of a file or of a clip of it, from the digest of the file's content."""
        clip = b"" if span is None else span.key
        return hashlib.blake2b(self.space + b"|" + digest + clip, digest_size=16).digest()

    def fill(self, values: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Write the vectors of unchanged files into `values` (N,C); which of the N rows are done."""
        done = np.zeros(len(values), dtype=bool)
        for start in range(0, len(rows) if self.cache is not None else 0, PART):
            self._fill_part(values, rows[start : start + PART].tolist(), done)
        return done

    def _fill_part(self, values: np.ndarray, rows: list[int], done: np.ndarray) -> None:
        if self.cache is None:
            return
        told = stamps_of([self.column.cell(row) for row in rows], self.column.folder)
        stamped = {row: stamp for row, stamp in zip(rows, told, strict=True) if stamp is not None}
        digests = self.cache.digests(dict(stamped.values()))
        keys = {
            row: self.key(digests[path], span_of(self.column.cell(row)))
            for row, (path, _) in stamped.items()
            if path in digests
        }
        vectors = self.cache.vectors(list(set(keys.values())))
        for row, key in keys.items():
            if key in vectors and len(vectors[key]) == values.shape[1]:
                values[row], done[row] = vectors[key], True

    def digest(self, content: bytes, stamp: tuple[str, bytes] | None) -> bytes:
        """The digest of a file's content, noted for the next time. `stamp` was taken before the content was read."""
        digest = hashlib.sha256(content).digest()
        self.note(digest, stamp)
        return digest

    def clip_digest(self, cell: object) -> bytes:
        """The digest of the file that a clip is of; the file is read once for all its clips, in small parts.

        *Raises* MediaError when it cannot be read.
        """
        source = sound_source(cell, self.column.folder)
        if isinstance(source, bytes):
            return hashlib.sha256(source).digest()
        with self.lock:
            recording = self.recordings.setdefault(str(source), _Recording())
        with recording.lock, file_slips():
            facts = os.stat(source)
            state = (facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size)
            if recording.state != state:
                stamp = stamp_of(cell, self.column.folder)
                known = self.cache.digests(dict([stamp])) if self.cache is not None and stamp is not None else {}
                if stamp is not None and stamp[0] in known:
                    recording.digest = known[stamp[0]]
                else:
                    with open_bytes(source) as file:
                        recording.digest = hashlib.file_digest(file, "sha256").digest()
                    self.note(recording.digest, stamp)
                recording.state = state
            return recording.digest

    def note(self, digest: bytes, stamp: tuple[str, bytes] | None) -> None:
        """Note the digest of a file's content, whose stamp was taken before it was read."""
        if self.cache is not None and stamp is not None:
            with self.lock:
                self.fresh_files[stamp[0]] = (stamp[1], digest)

    def vector(self, key: bytes) -> np.ndarray | None:
        """The vector, if the cache has it."""
        return None if self.cache is None else self.cache.vectors([key]).get(key)

    def keep(self, vectors: Mapping[bytes, np.ndarray]) -> None:
        """Take new vectors, and write them down with others every now and then."""
        self.fresh.update(vectors)
        if len(self.fresh) >= WRITE_VECTORS or time.monotonic() - self.written > WRITE_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write down what is not yet written."""
        if self.cache is not None:
            with self.lock:
                files, self.fresh_files = self.fresh_files, {}
            self.cache.keep(self.fresh)
            self.cache.keep_digests(files)
        self.fresh, self.written = {}, time.monotonic()
