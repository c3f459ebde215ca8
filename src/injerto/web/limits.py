"""How much one request, and all of them together, may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is beyond these is refused with a reason: a status of 413, 408 or 503, or the `problem` of a row."""

    body_bytes: int = 32 * 1024**2
    """Of one request."""
    held_bytes: int = 512 * 1024**2
    """Of all requests that are being answered; never less than one request may have."""
    rows: int = 10_000
    """In one request."""
    pixels: int = 50_000_000
    """Of one photo, told by its header before it is decoded."""
    sound_seconds: float = 3600.0
    """Of one sound."""
    request_seconds: float = 60.0
    """Until a body has arrived, and again until it is answered."""
    head_seconds: float = 15.0
    """Until the head of a connection's first request has arrived."""
    connections: int = 1000
    """Open at once; on one more, a request is refused."""
    queue: int = 256
    """Requests that wait for an answer."""
    collect_ms: float = 10.0
    """So long requests wait at the most for as many others as came along the last time; one that is alone never waits."""
    batch_rows: int = 1024
    """Rows that are answered together, unless one request alone has more."""

    @property
    def most_samples(self) -> int:
        """Samples of all channels that are decoded of one sound: of stereo at 96 kHz, so many seconds."""
        return int(self.sound_seconds * 2 * 96_000)
