"""Photos with boxes and points to passport photos, each upright and of one size; what could not be made is listed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

from injerto.errors import MediaError
from injerto.progress import Progress
from injerto.table.column import Column
from injerto.table.framing import turned
from injerto.table.media import media_name, read_pixels
from injerto.table.passport import Frame, passport
from injerto.table.picture_size import picture_size

QUALITY = 92
"""Of the JPEG files: no mark is lost to the eye, at a third of the size of a PNG."""
THREADS = 2
_AHEAD = 64


def passports(
    photos: Column, points: np.ndarray, rows: np.ndarray, frame: Frame, progress: Progress
) -> Iterator[tuple[int, bytes | None, str]]:
    """For each of `rows` its JPEG, or the reason why there is none. `points` (N,2,2) are pixels of the photos as stored."""

    def make(row: int) -> tuple[int, bytes | None, str]:
        try:
            return row, _made(photos, row, points[row], frame), ""
        except MediaError as error:
            return row, None, error.reason

    with progress.step("making passport photos", len(rows)) as bar, ThreadPoolExecutor(photos.readers(THREADS)) as pool:
        for start in range(0, len(rows), _AHEAD):  # not all at once: finished photos would wait in memory
            for made in pool.map(make, rows[start : start + _AHEAD].tolist()):
                bar.advance()
                yield made


def _made(photos: Column, row: int, points: np.ndarray, frame: Frame) -> bytes:
    cell = photos.cell(row)
    size = picture_size(cell, photos.folder)
    stored = np.array([[size.width, size.height]], dtype=np.float64)
    upright = turned(points[None], stored, np.array([size.orientation]))[0]
    buffer = io.BytesIO()
    picture = passport(read_pixels(cell, photos.folder), upright[0], upright[1], frame)
    Image.fromarray(picture).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def named(photos: Column) -> list[str]:
    """The photos of a column as a person knows them."""
    return [media_name(photos.cell(row)) for row in range(len(photos))]
