"""The square around a photo, or around a box on it, and where a pixel of the photo as stored lies in it.

A network sees squares. A photo is turned upright as its EXIF data ask, and lies in the middle of a square as long as its
longer side; around a box there is a little more room. Places in the square are shares of its side, from 0 to 1, both ways
from the upper left corner. Coordinates of pixels count from the centre of the upper left one (see `schema/points.py`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import numpy as np

from injerto.errors import MediaError
from injerto.table.boxes import box_of
from injerto.table.column import Column
from injerto.table.picture_size import PictureSize, picture_size

ROOM = 1.2
"""The square around a box is so many times as long as its longer side: boxes are drawn tight, and points lie at their edges."""
_TURNS = {1: (0, 0, 0), 2: (0, 1, 0), 3: (0, 1, 1), 4: (0, 0, 1), 5: (1, 0, 0), 6: (1, 1, 0), 7: (1, 1, 1), 8: (1, 0, 1)}
"""By EXIF orientation: whether x and y change places, then whether x, then whether y runs the other way."""


@dataclass(frozen=True)
class Framing:
    """One square a photo. `width` and `height` (N,) are pixels as stored, NaN where a photo cannot be read."""

    width: np.ndarray
    height: np.ndarray
    orientation: np.ndarray
    """EXIF orientation (N,), 1 to 8."""
    left: np.ndarray
    """Whole pixels (N,) from the left edge of the upright photo to the square; negative where it begins outside."""
    top: np.ndarray
    """The same from the upper edge."""
    side: np.ndarray
    """Whole pixels (N,) a side of the square."""

    def take(self, rows: np.ndarray) -> Self:
        """The squares of the photos at `rows`."""
        return type(self)(*(values[rows] for values in vars(self).values()))

    @property
    def sizes(self) -> np.ndarray:
        """Width and height (N,2) in pixels as stored."""
        return np.stack([self.width, self.height], axis=1)

    @property
    def upright_sizes(self) -> np.ndarray:
        """Width and height (N,2) in pixels of the photos turned upright."""
        return np.asarray(_turns(self.sizes, self.orientation)[2][:, 0])

    def unit_of(self, xy_pixels: np.ndarray) -> np.ndarray:
        """Points (N,K,2) in pixels of the photos as stored to shares of their squares' sides."""
        return np.asarray((self.upright_of(xy_pixels) + 0.5 - self._corner) / self.side[:, None, None])

    def upright_of(self, xy_pixels: np.ndarray) -> np.ndarray:
        """Points (N,K,2) in pixels of the photos as stored to pixels of the photos turned upright."""
        return turned(xy_pixels, self.sizes, self.orientation)

    def pixels_of(self, xy_unit: np.ndarray) -> np.ndarray:
        """Shares of the squares' sides (N,K,2) to pixels of the photos as stored: the inverse of `unit_of`."""
        points = xy_unit * self.side[:, None, None] - 0.5 + self._corner
        return turned_back(points, self.sizes, self.orientation)

    @property
    def _corner(self) -> np.ndarray:
        return np.stack([self.left, self.top], axis=1)[:, None]


def turned(points: np.ndarray, sizes: np.ndarray, orientation: np.ndarray) -> np.ndarray:
    """Points (N,K,2) of photos as stored, of `sizes` (N,2), on the photos as they are seen upright."""
    swaps, flips, upright = _turns(sizes, orientation)
    points = np.where(swaps, points[:, :, ::-1], points)
    return np.where(flips, upright - 1 - points, points)


def turned_back(points: np.ndarray, sizes: np.ndarray, orientation: np.ndarray) -> np.ndarray:
    """The inverse of `turned`."""
    swaps, flips, upright = _turns(sizes, orientation)
    points = np.where(flips, upright - 1 - points, points)
    return np.where(swaps, points[:, :, ::-1], points)


def _turns(sizes: np.ndarray, orientation: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a turn does: x and y change places (N,1,1), axes run backwards (N,1,2), upright width and height (N,1,2)."""
    turns = np.array([_TURNS[int(code)] for code in orientation], dtype=bool).reshape(-1, 3)
    upright = np.where(turns[:, :1], sizes[:, ::-1], sizes)
    return turns[:, None, :1], turns[:, None, 1:], upright[:, None]


def square_of(size: PictureSize, box: tuple[float, float, float, float] | None) -> tuple[int, int, int]:
    """Left, top and side in whole pixels of the upright photo: around all of it, or around a box as stored with some room."""
    left, top, width, height = box or (0.0, 0.0, float(size.width), float(size.height))
    corners = np.array([[[left - 0.5, top - 0.5], [left + width - 0.5, top + height - 0.5]]])
    sizes, orientation = np.array([[size.width, size.height]], dtype=np.float64), np.array([size.orientation])
    edges = turned(corners, sizes, orientation)[0] + 0.5
    low, high = edges.min(axis=0), edges.max(axis=0)
    side = int(np.ceil((high - low).max() * (1.0 if box is None else ROOM) - 1e-9))
    left_edge, top_edge = np.ceil((low + high - side) / 2).astype(int)
    return int(left_edge), int(top_edge), side


def framing_of(photos: Column) -> Framing:
    """The squares of a column's photos, from their headers; NaN for an empty cell or one that cannot be read."""
    found = np.full((len(photos), 6), np.nan)
    found[:, 2] = 1

    def look(index: int) -> None:
        cell = photos.cell(index)
        if cell is None:
            return
        try:
            size = picture_size(cell, photos.folder)
            found[index] = size.width, size.height, size.orientation, *square_of(size, box_of(cell))
        except MediaError:
            return  # the ledger will say why

    with ThreadPoolExecutor(photos.readers(2)) as pool:
        list(pool.map(look, range(len(photos))))
    return Framing(*found.T)
