"""The learning rate over a run: linear warm-up, then half a cosine down to a hundredth."""

from __future__ import annotations

import math

WARM_UP_SHARE = 0.05
FLOOR = 0.01


def rate_factor(step: int, steps: int) -> float:
    """Factor on every group's rate at `step` of `steps` (counted from 0).

    Example:
        >>> [round(rate_factor(step, 100), 2) for step in (0, 4, 5, 52, 99)]
        [0.2, 1.0, 1.0, 0.51, 0.01]
    """
    warm_up = max(1, round(WARM_UP_SHARE * steps))
    if step < warm_up:
        return (step + 1) / warm_up
    done = (step - warm_up) / max(1, steps - warm_up)
    return FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
