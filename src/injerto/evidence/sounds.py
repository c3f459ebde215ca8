"""A sound of a table as the report shows it: its spectrogram, the sound itself, and where a clip lies in what is around it."""

from __future__ import annotations

from typing import Any

import numpy as np

from injerto.errors import MediaError
from injerto.evidence.shown_sound import RATE_HZ, beginning, drawn, played
from injerto.places.address import Place
from injerto.table.samples import read_samples
from injerto.table.span import END, START

MOST_SECONDS = 8.0
"""Of a longer sound its beginning."""
MARGIN_SECONDS = 1.0
"""Of the recording, shown on both sides of a clip."""

Sound = dict[str, Any]
"""`picture` and `sound` as addresses (`sound` may be left out), `seconds` shown, and of a clip its `box`: where it begins and
ends in shares of the width."""


def sound_shown(cell: object, folder: Place, *, heard: bool = True) -> Sound | None:
    """A sound, or a clip of one with a second around it; `heard` keeps the sound. None where it cannot be read."""
    box = None
    try:
        if isinstance(cell, dict) and cell.get(END) is not None:
            samples, box = _around(cell, folder)
        else:
            samples = beginning(cell, folder, most_seconds=MOST_SECONDS)
    except MediaError:
        return None
    if not len(samples):
        return None
    found: Sound = {"picture": drawn(samples, RATE_HZ), "seconds": round(len(samples) / RATE_HZ, 2)}
    if box is not None:
        found["box"] = box
    if heard:
        found["sound"] = played(samples, RATE_HZ)
    return found


def _around(cell: dict[str, Any], folder: Place) -> tuple[np.ndarray, list[float]]:
    """Samples of a clip and what is around it, and its place among them. A clip at the end of its file has nothing after it."""
    start_s, end_s = float(cell.get(START) or 0.0), float(cell[END])
    first = max(0.0, start_s - MARGIN_SECONDS)
    try:
        samples = read_samples({**cell, START: first, END: end_s + MARGIN_SECONDS}, folder, rate_hz=RATE_HZ)
    except MediaError:
        samples = read_samples({**cell, START: first}, folder, rate_hz=RATE_HZ)
    samples = samples[: round(MOST_SECONDS * RATE_HZ)]
    seconds = len(samples) / RATE_HZ or 1.0
    return samples, [round((start_s - first) / seconds, 4), round(min(1.0, (end_s - first) / seconds), 4)]
