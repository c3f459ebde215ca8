"""Whether two small grey pictures show the same, one of them perhaps cut at the edges and made lighter.

Coarse shapes are compared first, as that is a multiplication of matrices; what may be alike is laid over each other.
"""

from __future__ import annotations

from functools import cache

import numpy as np

SIDE = 32
COARSE = 8
"""Of the discrete cosine transform, so many frequencies each way, the mean level aside."""
STEPS = 4
_MOST_MOVE, _MOST_STEP = 0.25, 0.1
"""Of half a side, in all and in one step."""
_LEAST_GAIN = 0.2
_DAMPING, _CURVE_DAMPING = 1e-3, 1e-6
_ENOUGH_FOR_MEAN = 20
_AT_ONCE = 4096
CURVE = 3
"""A cubic is near enough to what brightening does: a straight line that bends where levels are cut at 255."""


def coarse(pictures: np.ndarray) -> np.ndarray:
    """The lowest frequencies (N,63) float32 of pictures (N,SIDE,SIDE), as in a perceptual hash (pHash, Zauner 2010, 3.2.1)."""
    cosines = _cosines()
    return np.asarray((cosines @ pictures @ cosines.T).reshape(len(pictures), COARSE * COARSE)[:, 1:], dtype=np.float32)


def coarse_shapes(pictures: np.ndarray) -> np.ndarray:
    """The coarse shapes (N,63) of pictures (N,SIDE,SIDE), each of length 1; a flat one becomes zeros, like nothing."""
    parts = [coarse(pictures[start : start + _AT_ONCE]) for start in range(0, len(pictures), _AT_ONCE)]
    return unit(np.concatenate(parts))


def alike_shapes(shapes: np.ndarray) -> np.ndarray:
    """Shapes (N,63) of length 1 without what all of them share, where they are enough to tell."""
    mean = shapes.mean(axis=0) if len(shapes) >= _ENOUGH_FOR_MEAN else np.zeros(shapes.shape[1], dtype=np.float32)
    return unit(shapes - mean)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1; a row without structure becomes zeros, like nothing."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 1e-6), dtype=np.float32)


def tangents(pictures: np.ndarray) -> np.ndarray:
    """Orthonormal directions (N,6,63) that span a picture's coarse shape and what moving, enlarging or brightening adds to it.

    *Source:* Simard, LeCun, Denker, "Efficient pattern recognition using a new transformation distance", NIPS 1992.
    """
    across, down = _places()
    by_row, by_column = _slopes(pictures)
    square = np.square(pictures - pictures.mean(axis=(1, 2), keepdims=True))
    moved = [by_column, by_row, by_column * across, by_row * down, square]
    shapes = np.stack([coarse(one) for one in (pictures, *moved)], axis=2)
    return np.asarray(np.linalg.qr(shapes)[0].transpose(0, 2, 1))


def spanned(spans: np.ndarray, place: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """How much (P,) of shapes (P,63) of length 1 lies in the span (6,63) at `place` (P,) of `spans`: 0 to 1."""
    found = np.empty(len(place), dtype=np.float32)
    for start in range(0, len(place), 65_536):
        part = slice(start, start + 65_536)
        found[part] = np.linalg.norm(np.matmul(spans[place[part]], shapes[part, :, None])[:, :, 0], axis=1)
    return found


def likeness(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The correlation (P,) of pictures (P,SIDE,SIDE) where they overlap, when `other` is moved and stretched onto `one`.

    Levels may follow a curve: the better of how a cubic of one tells the other. Gauss-Newton on two shifts, two scales
    and a gain (Lucas and Kanade 1981; Baker and Matthews 2004).
    """
    count = len(one)
    one, other = _smooth(one), _smooth(other)
    by_row, by_column = (slope.reshape(count, -1) for slope in _slopes(other))
    across, down = (places.ravel() for places in _places())
    target, source = one.reshape(count, -1), other.reshape(count, -1)
    move = np.zeros((count, 4), dtype=np.float32)
    for step in range(STEPS + 1):
        grid = _Grid(across * (1 + move[:, :1]) + move[:, 1:2], down * (1 + move[:, 2:3]) + move[:, 3:])
        wanted, found = grid.centred(target), grid.centred(grid.sampled(source))
        if step == STEPS:
            break
        slopes = grid.sampled(by_column), grid.sampled(by_row)
        ways = np.stack(
            [grid.centred(way) for way in (slopes[0] * across, slopes[0], slopes[1] * down, slopes[1])] + [found], axis=2
        )
        solved = _least_squares(ways, wanted)
        gain = np.maximum(solved[:, 4:], _LEAST_GAIN)
        move = np.clip(move + np.clip(solved[:, :4] / gain, -_MOST_STEP, _MOST_STEP), -_MOST_MOVE, _MOST_MOVE)
    return np.asarray(np.maximum(_told(grid, wanted, found), _told(grid, found, wanted)))


class _Grid:
    """Places (P,n) in pictures, -1 to 1 across and down, and which of them lie inside."""

    def __init__(self, across: np.ndarray, down: np.ndarray) -> None:
        column, row = (places * SIDE / 2 + (SIDE - 1) / 2 for places in (across, down))
        inside = (column >= 0) & (column <= SIDE - 1) & (row >= 0) & (row <= SIDE - 1)
        left, top = (np.clip(np.floor(places), 0, SIDE - 2).astype(np.int64) for places in (column, row))
        self.inside = inside.astype(np.float32)
        self.count = np.maximum(self.inside.sum(axis=1, keepdims=True), 1)
        self.corner = top * SIDE + left
        self.right, self.low = np.clip(column - left, 0, 1), np.clip(row - top, 0, 1)

    def sampled(self, values: np.ndarray) -> np.ndarray:
        """Values (P,SIDE*SIDE) at the places, between pixels in proportion."""
        corners = [np.take_along_axis(values, self.corner + step, axis=1) for step in (0, 1, SIDE, SIDE + 1)]
        above = corners[0] + (corners[1] - corners[0]) * self.right
        below = corners[2] + (corners[3] - corners[2]) * self.right
        return np.asarray(above + (below - above) * self.low)

    def centred(self, values: np.ndarray) -> np.ndarray:
        """Values (P,n) less their mean, 0 outside."""
        mean = (values * self.inside).sum(axis=1, keepdims=True) / self.count
        return np.asarray((values - mean) * self.inside)


def _told(grid: _Grid, teller: np.ndarray, told: np.ndarray) -> np.ndarray:
    """The correlation (P,) of `told` with the best cubic of `teller`, both centred (P,n); 0 where they go opposite ways."""
    scale = np.sqrt((np.square(teller).sum(axis=1, keepdims=True)) / grid.count) + 1e-6
    powers = np.stack([grid.centred((teller / scale) ** power) for power in range(1, CURVE + 1)], axis=2)
    best = np.einsum("pnk,pk->pn", powers, _least_squares(powers, told, _CURVE_DAMPING))
    all_of_it = np.maximum(np.square(told).sum(axis=1), 1e-6)
    share = np.clip((best * told).sum(axis=1) / all_of_it, 0, 1)
    return np.where((teller * told).sum(axis=1) > 0, np.sqrt(share), 0)


def _least_squares(ways: np.ndarray, wanted: np.ndarray, share: float = _DAMPING) -> np.ndarray:
    """Coefficients (P,K) by which `ways` (P,n,K) come nearest to `wanted` (P,n), damped."""
    ways = ways.astype(np.float64)  # powers are nearly alike
    turned = ways.transpose(0, 2, 1)
    normal, right = turned @ ways, turned @ wanted[:, :, None]
    damping = share * np.trace(normal, axis1=1, axis2=2) / ways.shape[2] + 1e-6
    normal += damping[:, None, None] * np.eye(ways.shape[2], dtype=normal.dtype)
    return np.asarray(np.linalg.solve(normal, right)[:, :, 0])


def _smooth(pictures: np.ndarray) -> np.ndarray:
    """Each pixel with its neighbours, 1 2 1 each way: where a crop falls between pixels then matters little."""
    wide = np.pad(pictures.astype(np.float32), ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
    return np.asarray((rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 16)


def _slopes(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By row and by column, per half a side."""
    by_row, by_column = np.gradient(pictures, axis=(1, 2))
    return by_row * (SIDE / 2), by_column * (SIDE / 2)


@cache
def _places() -> tuple[np.ndarray, np.ndarray]:
    """Across and down (SIDE,SIDE), -1 to 1."""
    line = ((np.arange(SIDE) - (SIDE - 1) / 2) / (SIDE / 2)).astype(np.float32)
    return np.broadcast_to(line, (SIDE, SIDE)), np.broadcast_to(line[:, None], (SIDE, SIDE))


@cache
def _cosines() -> np.ndarray:
    """Waves (COARSE,SIDE) of length 1."""
    waves = np.cos(np.pi / SIDE * np.arange(COARSE)[:, None] * (np.arange(SIDE) + 0.5))
    return np.asarray(waves / np.linalg.norm(waves, axis=1, keepdims=True), dtype=np.float32)
