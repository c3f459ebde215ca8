"""Where in time the places of a sound network's map lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """In samples at the network's rate: the middle of the first place, and from one place to the next.

    It holds for sounds of a whole number of hops; how a network pads others may move its places by a part of a hop.
    """

    first: int
    hop: int
