"""Where in a clip something sounds: the rest of it is silence, or the tail of an echo."""

from __future__ import annotations

import numpy as np

QUIET = 0.03
"""Share of a clip's peak under which it counts as silence."""
FRAME_S = 0.02
LONGEST_PAUSE_S = 1.0
"""Sounds less than this apart are one."""


def sounding(clip: np.ndarray, rate_hz: int) -> list[tuple[int, int]]:
    """The stretches of a clip (n,) that sound, as first and last sample; nothing where it is silent throughout.

    Example:
        >>> clip = np.concatenate([np.zeros(500), np.ones(500), np.zeros(2000), np.ones(500), np.zeros(500)])
        >>> sounding(clip, 1000)
        [(500, 1000), (3000, 3500)]
    """
    size = max(1, round(FRAME_S * rate_hz))
    frames = np.abs(clip[: len(clip) // size * size]).reshape(-1, size).max(axis=1, initial=0.0)
    loud = np.flatnonzero(frames > QUIET * frames.max(initial=0.0))
    if len(loud) == 0:
        return []
    breaks = np.flatnonzero(np.diff(loud) * FRAME_S > LONGEST_PAUSE_S)
    firsts, lasts = loud[np.r_[0, breaks + 1]], loud[np.r_[breaks, len(loud) - 1]] + 1
    return [(int(first) * size, int(last) * size) for first, last in zip(firsts, lasts, strict=True)]
