"""Rows that come one after the other, in a file without a name: the system pages them in and out."""

from __future__ import annotations

import tempfile
import weakref
from pathlib import Path
from typing import Any, cast

import numpy as np

from injerto.large_array import told_of_room


class GrowingArray:
    """An array (n,width) to whose end rows are added; how many there will be need not be known."""

    def __init__(self, width: int, dtype: np.dtype[Any], what: str, folder: Path | None) -> None:
        """Rows lie in `folder` or, where that is None, among temporary files. *Raises* OutputError when the disk is full."""
        self.width, self.dtype, self.what = width, dtype, what
        self._place = Path(tempfile.gettempdir()) if folder is None else folder
        self._rows = 0
        with told_of_room(what, 0, self._place):
            self._place.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=self._place)  # noqa: SIM115 - held as long as the array
        weakref.finalize(self, self._file.close)

    def append(self, rows: np.ndarray) -> None:
        """Add `rows` (n,width)."""
        size = (self._rows + len(rows)) * self.width * self.dtype.itemsize
        with told_of_room(self.what, size, self._place):
            self._file.write(np.ascontiguousarray(rows, dtype=self.dtype).data)
        self._rows += len(rows)

    def whole(self) -> np.ndarray:
        """All rows that were added so far."""
        if self._rows == 0:
            return np.empty((0, self.width), dtype=self.dtype)
        with told_of_room(self.what, self._rows * self.width * self.dtype.itemsize, self._place):
            self._file.flush()
            return cast(np.ndarray, np.memmap(self._file, dtype=self.dtype, mode="r", shape=(self._rows, self.width)))
