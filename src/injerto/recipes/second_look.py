"""Where a box lies to the two points in it: to look again where they were found at first, and to learn from boxes that are off.

Boxes that are found lie less well than those that a person marked, and people differ, too. A pointer that learned from boxes
that are too large and moved finds the points roughly in all of them; the box that follows from these is then as good as a
marked one, and the same pointer asked in it is nearer. On right whales in full size,
where found boxes were twice too large, it took the error from 23 to 10 % of the head's length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LOOSE_SCALE = (0.75, 2.2)
"""Boxes that are off, to learn from, are so many times as large: in equal shares of the logarithm."""
LOOSE_SHIFT = 0.3
"""And moved by up to so much of their own side, in x and in y."""
TRUSTED = (0.2, 1.5)
"""A second box whose side is not within these shares of the first one's longer side follows from points that are nonsense."""


@dataclass(frozen=True)
class Look:
    """How boxes lie to their two points, as seen from the points, at the median."""

    side: float
    """The longer side, in distances between the two points."""
    ahead: float
    """How far the middle of the box lies from that of the points, towards the first one, in the same."""
    beside: float
    """And across, a quarter turn clockwise as one sees the photo from there."""

    def boxes(self, points: np.ndarray) -> np.ndarray:
        """Square boxes (N,4), left, top, width, height, around points (N,2,2); NaN where these are."""
        first, second = points[:, 0] @ _COMPLEX, points[:, 1] @ _COMPLEX
        middle = (first + second) / 2 + (self.ahead + 1j * self.beside) * (first - second)
        side = self.side * np.abs(first - second)
        # Points count from the centre of a pixel, boxes from the photo's edges.
        return np.stack([middle.real + 0.5 - side / 2, middle.imag + 0.5 - side / 2, side, side], axis=1)


_COMPLEX = np.array([1.0, 1j])


def look_of(box: np.ndarray, points: np.ndarray) -> Look | None:
    """What boxes (N,4) and points (N,2,2) have in common; None where no row has both.

    Example:
        >>> look_of(np.array([[0.5, 0.5, 40.0, 20.0]]), np.array([[[30.0, 10.0], [10.0, 10.0]]]))
        Look(side=2.0, ahead=0.0, beside=0.0)
    """
    first, second = points[:, 0] @ _COMPLEX, points[:, 1] @ _COMPLEX
    apart = np.abs(first - second)
    known = np.isfinite(box).all(axis=1) & np.isfinite(apart) & (apart > 0)
    if not known.any():
        return None
    box, first, second, apart = box[known], first[known], second[known], apart[known]
    middle = (box[:, :2] + box[:, 2:] / 2 - 0.5) @ _COMPLEX
    off = (middle - (first + second) / 2) / (first - second)
    told = (np.median(values) for values in (box[:, 2:].max(axis=1) / apart, off.real, off.imag))
    return Look(*(round(float(value), 4) for value in told))


def worth(second: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Rows (N,) bool whose second box (N,4) may be trusted, given the first (N,4)."""
    share = second[:, 2:].max(axis=1) / np.where(first[:, 2:].max(axis=1) > 0, first[:, 2:].max(axis=1), np.nan)
    return np.asarray((share >= TRUSTED[0]) & (share <= TRUSTED[1]))


def loosened(box: np.ndarray, seed: int = 0) -> np.ndarray:
    """Boxes (N,4) too large or too small and moved, as the stage before may find them."""
    generator = np.random.default_rng(seed)
    low, high = np.log(LOOSE_SCALE)
    scale = np.exp(generator.uniform(low, high, (len(box), 1)))
    side = box[:, 2:] * scale
    shift = generator.uniform(-LOOSE_SHIFT, LOOSE_SHIFT, (len(box), 2)) * side.max(axis=1, keepdims=True)
    return np.concatenate([box[:, :2] + box[:, 2:] / 2 + shift - side / 2, side], axis=1)
