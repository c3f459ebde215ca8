"""Random places to leave out while training, drawn eight at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

_stream = np.random.SFC64(0)


def start_draws(seed: int) -> None:
    """Start the draws anew, so that a resumed epoch leaves out what it would have left out."""
    _stream.state = np.random.SFC64(seed).state


def kept(shape: Sequence[int], dropped: int) -> np.ndarray:
    """True for the places that stay, an array of `shape`; each is left out with a chance of `dropped` in 256.

    Eight places share one draw of 64 bits: torch's own dropout draws once a place, which took a sixth of a training step, and
    its 64-bit draws take twice the time of numpy's.
    """
    count = math.prod(shape)
    places = _stream.random_raw(-(-count // 8)).view(np.uint8)[:count].reshape(tuple(shape))
    found: np.ndarray = places >= dropped
    return found
