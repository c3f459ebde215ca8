"""Several vectors side by side: each has the same say, however many channels it has."""

from __future__ import annotations

from collections.abc import Sequence


def equal_say(widths: Sequence[int]) -> list[float]:
    """Factors for standardised vectors of `widths` channels, after which the squares of each sum to the mean width.

    A linear head's penalty counts channels: without these, 1,280 channels of a photo network outweigh 512 that hear better. One
    vector alone, or several of one width, stay as they are.

    Example:
        >>> equal_say([3, 12]), equal_say([5])
        ([1.5811388300841898, 0.7905694150420949], [1.0])
    """
    even = sum(widths) / len(widths) if widths else 0.0
    return [(even / width) ** 0.5 for width in widths]
