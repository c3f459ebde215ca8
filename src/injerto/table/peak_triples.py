"""Three peaks of a sound and the times between them: landmarks that still tell one sound from another among a million."""

from __future__ import annotations

import numpy as np

from injerto.table.clip_print import ClipPrint

FIRST_FAN, SECOND_FAN = 6, 3
"""Each peak is followed by one of so many, and that by one of so many."""
FARTHEST_FRAMES = 48
FRAMES_A_STEP = 3
"""Times are told in steps of three frames, bins as they are. With bins and times in steps of two a landmark is in three times
as many places; four peaks are in a hundredth, but of ESC-10's copies, with LOWEST landmarks each, they find 70 % and not 98."""


def peak_triples(print_: ClipPrint) -> tuple[np.ndarray, np.ndarray]:
    """Hashes (L,) uint64 of three peaks' bins and the frames between them, and the frame (L,) of the first."""
    starts, firsts, seconds = np.ogrid[: len(print_.frames), 1 : FIRST_FAN + 1, 1 : SECOND_FAN + 1]
    places = np.broadcast_arrays(starts, starts + firsts, starts + firsts + seconds)
    there = places[2] < len(print_.frames)
    one, two, three = (place[there] for place in places)
    frames, bins = print_.frames.astype(np.int64), print_.bins.astype(np.int64)
    early, late = frames[two] - frames[one], frames[three] - frames[two]
    kept = (early > 0) & (early <= FARTHEST_FRAMES) & (late > 0) & (late <= FARTHEST_FRAMES)
    one, two, three = one[kept], two[kept], three[kept]
    times = (early[kept] // FRAMES_A_STEP) << 6 | late[kept] // FRAMES_A_STEP
    return mixed((bins[one] << 36 | bins[two] << 24 | bins[three] << 12 | times).astype(np.uint64)), frames[one]


def mixed(codes: np.ndarray) -> np.ndarray:
    """Codes uint64 so mixed that any of their bits may choose among them.

    *Source:* the finishing steps of SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
    OOPSLA 2014.
    """
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(codes ^ (codes >> np.uint64(31)))
