"""What errors of points are shares of, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from injerto.report.language import say


def reference_note(reference: Mapping[str, Any]) -> str:
    """What the length of reference is that errors of points are shares of: `between` two points or across all of them."""
    pair, mean = reference["between"], reference["mean_px"]
    if mean is None:
        return ""
    if pair:
        what = say("The length of reference is the distance between {one} and {other}", one=pair[0], other=pair[1])
    else:
        what = say("The length of reference is the distance across the box around all known points, from corner to corner")
    size = say(
        "on each photo its own: on average {mean:.3g} pixels, so that 5 % of it are {part:.2g} pixels.",
        mean=mean,
        part=0.05 * mean,
    )
    return f"{what}, {size}"
