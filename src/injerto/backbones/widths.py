"""Channels as multiples of eight, as the authors of the scaled networks count them."""

from __future__ import annotations


def round_to_8(channels: float) -> int:
    """The multiple of 8 nearest to `channels`, never more than a tenth below it.

    Example:
        >>> round_to_8(6.4), round_to_8(28.8), round_to_8(44.8)
        (8, 32, 48)
    """
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded
