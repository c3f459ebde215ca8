"""The square around a whole photo, and where a pixel of the photo as stored lies in it.

A network sees squares. A photo is turned upright as its EXIF data ask, and lies in the middle of a square as long as its
longer side. Places in the square are shares of its side, from 0 to 1, both ways from the upper left corner. Coordinates of
pixels count from the centre of the upper left one (see `schema/points.py`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import numpy as np

from injerto.errors import MediaError
from injerto.table.column import Column
from injerto.table.picture_size import picture_size

_TURNS = {1: (0, 0, 0), 2: (0, 1, 0), 3: (0, 1, 1), 4: (0, 0, 1), 5: (1, 0, 0), 6: (1, 1, 0), 7: (1, 1, 1), 8: (1, 0, 1)}
"""By EXIF orientation: whether x and y change places, then whether x, then whether y runs the other way."""


@dataclass(frozen=True)
class Framing:
    """One square a photo. `width` and `height` (N,) are pixels as stored, NaN where a photo cannot be read."""

    width: np.ndarray
    height: np.ndarray
    orientation: np.ndarray
    """EXIF orientation (N,), 1 to 8."""

    def take(self, rows: np.ndarray) -> Self:
        """The squares of the photos at `rows`."""
        return type(self)(self.width[rows], self.height[rows], self.orientation[rows])

    @property
    def side(self) -> np.ndarray:
        """Pixels (N,) a side of the square."""
        return np.asarray(np.maximum(self.width, self.height))

    @property
    def sizes(self) -> np.ndarray:
        """Width and height (N,2) in pixels as stored."""
        return np.stack([self.width, self.height], axis=1)

    @property
    def upright_sizes(self) -> np.ndarray:
        """Width and height (N,2) in pixels of the photos turned upright."""
        return np.asarray(self._turns()[2][:, 0])

    def unit_of(self, xy_pixels: np.ndarray) -> np.ndarray:
        """Points (N,K,2) in pixels of the photos as stored to shares of their squares' sides."""
        margin = self._margin(self.upright_sizes[:, None])
        return np.asarray((self.upright_of(xy_pixels) + margin + 0.5) / self.side[:, None, None])

    def upright_of(self, xy_pixels: np.ndarray) -> np.ndarray:
        """Points (N,K,2) in pixels of the photos as stored to pixels of the photos turned upright."""
        turned, flips, upright = self._turns()
        points = np.where(turned, xy_pixels[:, :, ::-1], xy_pixels)
        return np.where(flips, upright - 1 - points, points)

    def pixels_of(self, xy_unit: np.ndarray) -> np.ndarray:
        """Shares of the squares' sides (N,K,2) to pixels of the photos as stored: the inverse of `unit_of`."""
        turned, flips, upright = self._turns()
        points = xy_unit * self.side[:, None, None] - 0.5 - self._margin(upright)
        points = np.where(flips, upright - 1 - points, points)
        return np.asarray(np.where(turned, points[:, :, ::-1], points))

    def _margin(self, upright: np.ndarray) -> np.ndarray:
        """Pixels (N,1,2) left of and above the upright photo; whole ones, as pixels do not lie between pixels."""
        return np.asarray((self.side[:, None, None] - upright) // 2)

    def _turns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What a turn does: sides change places (N,1,1), axes run backwards (N,1,2), upright width and height (N,1,2)."""
        turns = np.array([_TURNS[int(orientation)] for orientation in self.orientation], dtype=bool).reshape(-1, 3)
        sizes = np.where(turns[:, :1], self.sizes[:, ::-1], self.sizes)
        return turns[:, None, :1], turns[:, None, 1:], sizes[:, None]


def framing_of(photos: Column) -> Framing:
    """The squares around a column's photos, from their headers; NaN for an empty cell or one that cannot be read."""
    found = np.full((len(photos), 3), np.nan)
    found[:, 2] = 1

    def look(index: int) -> None:
        cell = photos.cell(index)
        if cell is None:
            return
        try:
            size = picture_size(cell, photos.folder)
        except MediaError:
            return  # the ledger will say why
        found[index] = size.width, size.height, size.orientation

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, range(len(photos))))
    return Framing(found[:, 0], found[:, 1], found[:, 2].astype(np.int64))
