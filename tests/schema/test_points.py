"""Places in pixels and in shares of a side."""

from __future__ import annotations

import numpy as np

from injerto.schema.points import unit_of


def test_units() -> None:
    """A photo of width 4 and height 2, side by side in one call: its corners, its first centre and its middle."""
    sides = np.array([4.0, 2.0])
    pixels = np.array([[-0.5, -0.5], [0.0, 0.0], [1.5, 0.5], [3.5, 1.5], [np.nan, 0.0]])
    unit = np.array([[0.0, 0.0], [0.125, 0.25], [0.5, 0.5], [1.0, 1.0], [np.nan, 0.25]])
    np.testing.assert_allclose(unit_of(pixels, sides), unit)
    np.testing.assert_allclose(1 - unit_of(pixels, sides)[:, 0], unit_of(4 - 1 - pixels[:, 0], 4))
