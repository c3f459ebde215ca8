"""What the cache knows about a column's files: by their content, or by a stamp that says the content is unchanged."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping

import numpy as np

from injerto.backbones.cache import VectorCache
from injerto.backbones.stamps import stamp_of
from injerto.table.column import Column

PART = 2000
"""Rows looked up at a time: their vectors are in memory twice for a moment."""
WRITE_VECTORS = 256
WRITE_SECONDS = 2.0
"""Vectors are written down after so many or so long, so that a killed run loses little."""


class Recall:
    """Keys, vectors and digests of one call of `extract`, with or without a cache behind."""

    def __init__(self, cache: VectorCache | None, space: str, column: Column) -> None:
        """`space` is all a vector depends on besides the file: backbone, transform, engine."""
        self.cache, self.space, self.column = cache, space.encode(), column
        self.lock = threading.Lock()
        self.fresh_files: dict[str, tuple[bytes, bytes]] = {}
        self.fresh: dict[bytes, np.ndarray] = {}
        self.written = time.monotonic()

    def key(self, digest: bytes) -> bytes:
        """The key of a file's vector, from the digest of its content."""
        return hashlib.blake2b(self.space + b"|" + digest, digest_size=16).digest()

    def fill(self, values: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Write the vectors of unchanged files into `values` (N,C); which of the N rows are done."""
        done = np.zeros(len(values), dtype=bool)
        for start in range(0, len(rows) if self.cache is not None else 0, PART):
            self._fill_part(values, rows[start : start + PART].tolist(), done)
        return done

    def _fill_part(self, values: np.ndarray, rows: list[int], done: np.ndarray) -> None:
        if self.cache is None:
            return
        stamped = {row: stamp for row in rows if (stamp := stamp_of(self.column.cell(row), self.column.folder)) is not None}
        digests = self.cache.digests(dict(stamped.values()))
        keys = {row: self.key(digests[path]) for row, (path, _) in stamped.items() if path in digests}
        vectors = self.cache.vectors(list(set(keys.values())))
        for row, key in keys.items():
            if key in vectors and len(vectors[key]) == values.shape[1]:
                values[row], done[row] = vectors[key], True

    def vector(self, content: bytes, stamp: tuple[str, bytes] | None) -> tuple[bytes, np.ndarray | None]:
        """The key of a file's content and, if the cache has it, the vector. `stamp` was taken before the content was read."""
        digest = hashlib.sha256(content).digest()
        key = self.key(digest)
        if self.cache is None:
            return key, None
        if stamp is not None:
            with self.lock:
                self.fresh_files[stamp[0]] = (stamp[1], digest)
        return key, self.cache.vectors([key]).get(key)

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
