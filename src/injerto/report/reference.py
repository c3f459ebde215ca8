"""What errors of points are shares of, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def reference_note(reference: Mapping[str, Any]) -> str:
    """What the length of reference is that errors of points are shares of: `between` two points or across all of them."""
    pair, mean = reference["between"], reference["mean_px"]
    if mean is None:
        return ""
    what = f"between {pair[0]} and {pair[1]}" if pair else "across the box around all known points, from corner to corner"
    return (
        f"The length of reference is the distance {what}, on each photo its own: on average {mean:.3g} pixels, "
        f"so that 5 % of it are {0.05 * mean:.2g} pixels."
    )
