"""A few seconds of a recording as a picture and a sound that stand in a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from injerto.errors import MediaError
from injerto.evidence.shown_sound import drawn, played
from injerto.report.scenes import Scene
from injerto.table.recording import blocks

RATES_HZ = (24_000, 16_000, 12_000, 8_000)
"""The first that is not above a recording's own: pictures reach to half of it. All are rates that MP3 has."""


@dataclass(frozen=True)
class Snippet:
    """Picture and sound as data addresses. The picture reaches from 0 to `top_hz`."""

    picture: str
    sound: str
    top_hz: float


def snippet(scene: Scene) -> Snippet:
    """Read the seconds of a scene again. *Raises* MediaError when they cannot be."""
    rate_hz = next((rate for rate in RATES_HZ if rate <= scene.heard.rate_hz), RATES_HZ[-1])
    seconds = scene.end_s - scene.start_s
    part = next(blocks(Path(scene.heard.recording), rate_hz=rate_hz, block_seconds=seconds, start_s=scene.start_s), None)
    if part is None:
        raise MediaError("it has become shorter since it was heard")
    top_hz = min(rate_hz, scene.heard.rate_hz) / 2
    return Snippet(drawn(part.samples, rate_hz, top_hz=top_hz), played(part.samples, rate_hz), top_hz)
