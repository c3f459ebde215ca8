"""Places on photos, in pixels and in shares of a side.

One convention, everywhere: coordinates are pixels of the photo as it is stored, before any turn its EXIF data ask for, and
(0,0) is the CENTRE of the upper left pixel. So a photo of width W covers x from -0.5 to W - 0.5, a mirrored point lies at
W - 1 - x, and the same place as a share of the width is u = (x + 0.5) / W, from 0 to 1; so it is for y and the height.
`table/keypoints/columns.py` finds the columns they stand in.
"""

from __future__ import annotations

import numpy as np

KEPT_OUTSIDE_UNIT = 0.125
"""A point up to this share of the side outside its photo keeps its place; one farther out is taken as not in the picture."""


def unit_of(pixels: np.ndarray, side: np.ndarray | float) -> np.ndarray:
    """Pixels along a side of so many pixels, as shares of it: -0.5 is 0, side - 0.5 is 1.

    Example:
        >>> unit_of(np.array([-0.5, 0.0, 3.5]), 4)
        array([0.   , 0.125, 1.   ])
    """
    shares: np.ndarray = (pixels + 0.5) / side
    return shares
