"""An array in memory or, where it is large, in a file without a name that the system pages in and out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from injerto.errors import OutputError

LARGE_BYTES = 1_000_000_000
"""From here on an array lies on disk: what is read often stays in memory as long as there is room, and no longer."""
_WRITTEN_AT_ONCE = 1 << 24


def large_array(shape: tuple[int, ...], fill: float, what: str, folder: Path | None) -> np.ndarray:
    """An array of `shape`, float32, filled with `fill`; large ones in `folder` or, where that is None, among temporary files.

    The file goes when nobody holds the array any more, or the process ends. *Raises* OutputError when the disk has no room,
    with `what` it was for.
    """
    size = int(np.prod(shape, dtype=np.int64)) * 4
    if size <= LARGE_BYTES:
        return np.full(shape, fill, dtype=np.float32)
    place = Path(tempfile.gettempdir()) if folder is None else folder
    with told_of_room(what, size, place):
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place) as file:
            _fill(file.write, size, fill)  # written, not left open: a full disk says so here and not at the first touch
            file.flush()
            return np.memmap(file, dtype=np.float32, mode="r+", shape=shape)


@contextmanager
def told_of_room(what: str, size: int, place: Path) -> Iterator[None]:
    """*Raises* OutputError where `what`, of `size` bytes, cannot be written to `place`."""
    try:
        yield
    except OSError as error:
        free = shutil.disk_usage(place).free if place.exists() else 0
        raise OutputError(
            f"{what} take {size / 1e9:.1f} GB while the command runs, in '{place}', which has {free / 1e9:.1f} GB free: "
            f"{error.strerror or error}. Free some space, or set INJERTO_CACHE and TMPDIR to folders on another disk."
        ) from error


def _fill(write: Callable[[bytes], object], size: int, fill: float) -> None:
    block = np.full(_WRITTEN_AT_ONCE // 4, fill, dtype=np.float32).tobytes()
    for start in range(0, size, len(block)):
        write(block[: size - start])
