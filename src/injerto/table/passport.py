"""The upright "passport photo": a photo turned, scaled and cut so that two points on it lie where they lie on every other.

The move is a similarity, which turns, scales and shifts and bends nothing. Only `Frame.stretch` above 1 goes beyond: less is
shown across the line between the points, larger, for animals whose marks lie along it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from injerto.errors import MediaError

GREY = 127
"""What is shown of places beyond the photo's edges: nothing."""
LEAST_APART_PIXELS = 1.0
"""Points nearer to each other than this say nothing of how an animal is turned."""

Outside = Literal["grey", "reflected"]


@dataclass(frozen=True)
class Frame:
    """Where the two points lie in a passport photo, in shares of its side: by default the first at the right, as a whale's
    bonnet, the second behind it, and as much room as lies between them all around.
    """

    side_pixels: int = 224
    first_unit: tuple[float, float] = (0.8, 0.5)
    second_unit: tuple[float, float] = (0.3, 0.5)
    stretch: float = 1.0
    """How many times larger things are shown across the line between the points than along it."""
    outside: Outside = "grey"

    def __post_init__(self) -> None:
        if self.side_pixels < 8:
            raise ValueError(f"A passport photo of {self.side_pixels} pixels a side shows nothing; give 8 or more.")
        if math.dist(self.first_unit, self.second_unit) < 0.05:
            raise ValueError("The two points lie in one place of the passport photo; put them at least 0.05 of its side apart.")
        if not 0.25 <= self.stretch <= 4:
            raise ValueError(f"A passport photo is stretched by 0.25 to 4, not by {self.stretch:g}.")

    @property
    def apart_pixels(self) -> float:
        """Pixels between the two points in the passport photo."""
        return self.side_pixels * math.dist(self.first_unit, self.second_unit)


def passport(pixels: np.ndarray, first_pixels: np.ndarray, second_pixels: np.ndarray, frame: Frame | None = None) -> np.ndarray:
    """The passport photo (S,S,3) uint8 of a photo (H,W,3) uint8 on which the points (2,) x and y are known.

    Points are in pixels of `pixels`, (0, 0) the centre of the upper left one. Where the photo is made smaller, each pixel is a
    mean over all it stands for.

    *Raises* MediaError for a point that is not known, and for points less than a pixel apart.
    """
    frame = frame or Frame()
    factor, start = similarity(first_pixels, second_pixels, frame)
    side = frame.side_pixels
    # Seen from the line between the points, where is the middle of every pixel that is made?
    line = complex(*np.subtract(frame.first_unit, frame.second_unit)) * side
    along = line / abs(line)
    scale = abs(factor) * max(1.0, 1 / frame.stretch)

    def on_photo(made: np.ndarray) -> np.ndarray:
        seen = (made - _middle(frame)) * along.conjugate()
        return np.asarray(start + factor * (seen.real + 1j * seen.imag / frame.stretch) * along)

    edges = on_photo(np.array([0, side, side * 1j, side * (1 + 1j)]) - 0.5 - 0.5j)
    pixels, corner, shrunk = _blocks(pixels, edges, max(1, int(scale + 1e-9)), frame.outside)
    samples = max(1, math.ceil(scale / shrunk - 1e-9))
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    total = np.zeros((side, side, 3))
    for down in _offsets(samples):
        for across in _offsets(samples):
            place = on_photo(x + across + 1j * (y + down)) - corner
            total += _bilinear(pixels, (place + 0.5 + 0.5j) / shrunk - 0.5 - 0.5j, frame.outside)
    return np.clip(np.rint(total / samples**2), 0, 255).astype(np.uint8)


def similarity(first_pixels: np.ndarray, second_pixels: np.ndarray, frame: Frame) -> tuple[complex, complex]:
    """How places in a passport photo lie on the photo: `start + factor * (place - middle)`, as complex numbers x + iy, where
    `middle` is half way between the two points.

    *Raises* MediaError as `passport` does.
    """
    first, second = (complex(*np.asarray(point, dtype=np.float64)) for point in (first_pixels, second_pixels))
    if not (math.isfinite(abs(first)) and math.isfinite(abs(second))):
        raise MediaError("points: at least one of the two is not known")
    if abs(first - second) < LEAST_APART_PIXELS:
        raise MediaError(f"points: both lie at the same place, {first.real:.1f}, {first.imag:.1f}")
    return (first - second) / (complex(*np.subtract(frame.first_unit, frame.second_unit)) * frame.side_pixels), (
        first + second
    ) / 2


def _middle(frame: Frame) -> complex:
    """Half way between the points, in pixels of the passport photo."""
    return complex(*(np.add(frame.first_unit, frame.second_unit) / 2 * frame.side_pixels - 0.5))


def _offsets(samples: int) -> np.ndarray:
    """Places of samples within a pixel, from its centre."""
    return (np.arange(samples) + 0.5) / samples - 0.5


def _blocks(pixels: np.ndarray, edges: np.ndarray, size: int, outside: Outside) -> tuple[np.ndarray, complex, int]:
    """Means of whole blocks of `size` pixels a side, for photos that are made much smaller: of the part of the photo between
    `edges`, or of all of it where it will be reflected. With them, the pixel at their corner and the size.
    """
    height, width, _ = pixels.shape
    size = max(1, min(size, height // 2, width // 2))
    if size == 1:
        return pixels, 0j, 1
    left = top = 0
    if outside == "grey":
        left, top = (
            int(np.clip(np.floor(low) - 2 * size, 0, whole - size)) // size * size
            for low, whole in ((edges.real.min(), width), (edges.imag.min(), height))
        )
        right, low = int(np.ceil(edges.real.max())) + 2 * size, int(np.ceil(edges.imag.max())) + 2 * size
        pixels = pixels[top : max(low, top + size), left : max(right, left + size)]
        height, width, _ = pixels.shape
    # The last row and column are repeated where the sides are no multiple, so that a place stays where it was.
    padded = np.pad(pixels, ((0, -height % size), (0, -width % size), (0, 0)), mode="edge")
    blocks = padded.reshape(padded.shape[0] // size, size, padded.shape[1] // size, size, 3)
    return blocks.mean(axis=(1, 3), dtype=np.float32), left + 1j * top, size


def _bilinear(pixels: np.ndarray, place: np.ndarray, outside: Outside) -> np.ndarray:
    """Levels (S,S,3) at places (S,S), x + iy, between the pixels around them."""
    height, width, _ = pixels.shape
    x, y = np.floor(place.real).astype(np.int64), np.floor(place.imag).astype(np.int64)
    right, low = place.real - x, place.imag - y
    found = np.zeros((*place.shape, 3))
    for down, weight_y in ((0, 1 - low), (1, low)):
        for across, weight_x in ((0, 1 - right), (1, right)):
            column, row = x + across, y + down
            inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
            if outside == "reflected":
                column, row, inside = _reflected(column, width), _reflected(row, height), np.ones_like(inside)
            levels = pixels[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
            found += np.where(inside[:, :, None], levels, GREY) * (weight_x * weight_y)[:, :, None]
    return found


def _reflected(index: np.ndarray, size: int) -> np.ndarray:
    """Indices beyond the edges as if the photo were laid against a mirror there."""
    turned = np.mod(index, 2 * size)
    return np.asarray(np.where(turned < size, turned, 2 * size - 1 - turned))
