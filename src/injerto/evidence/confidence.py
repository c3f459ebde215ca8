"""How sure right and wrong answers were: counts in steps of confidence, and mistakes out of each band of it."""

from __future__ import annotations

import numpy as np

STEPS = 10
BANDS = (0.9, 0.6, 0.0)
"""Lower ends of the bands that mistakes are shown in: sure, half sure, unsure."""
SHOWN = 6
"""Mistakes of a band."""


def confidence(surest: np.ndarray, right: np.ndarray) -> list[dict[str, float]]:
    """In equal steps of how sure (n,) an answer was, from the lowest step that has any: how many were right and wrong.

    Example:
        >>> confidence(np.array([0.95, 0.97]), np.array([True, False]))
        [{'from': 0.9, 'right': 1, 'wrong': 1}]
    """
    place = np.minimum((surest * STEPS).astype(np.int64), STEPS - 1)
    return [
        {
            "from": step / STEPS,
            "right": int((right & (place == step)).sum()),
            "wrong": int((~right & (place == step)).sum()),
        }
        for step in range(int(place.min(initial=STEPS - 1)), STEPS)
    ]


def band_of(chance: float) -> int:
    """The band a confidence lies in, 0 for the surest."""
    return next(place for place, low in enumerate(BANDS) if chance >= low)


def in_bands(rows: np.ndarray, surest: np.ndarray) -> list[int]:
    """Of `rows` (m,), the surest first, some of each band; `surest` (n,) is of all rows."""
    found: dict[int, list[int]] = {}
    for row in rows.tolist():
        band = found.setdefault(band_of(float(surest[row])), [])
        if len(band) < SHOWN:
            band.append(row)
    return [row for band in found.values() for row in band]
