"""How large a network sees photos where the user does not say: as they are, within what a laptop trains in minutes."""

from __future__ import annotations

import numpy as np

from injerto.table.column import Column
from injerto.table.framing import framing_of

SMALLEST, LARGEST = 96, 224
"""Pixels a side."""
_STEP = 32


def resolution_for(photos: Column) -> int:
    """Pixels a side near the typical longer side of the photos, or of the boxes on them, from 96 to 224 in steps of 32."""
    sides = framing_of(photos).side
    typical = float(np.nanmedian(sides)) if np.isfinite(sides).any() else LARGEST
    return int(np.clip(round(typical / _STEP) * _STEP, SMALLEST, LARGEST))
