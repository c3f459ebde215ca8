"""Times in a unit that is not seconds: told from where they end, before a model learns from the wrong places."""

from __future__ import annotations

import numpy as np

_FAR = 2.0
_MILLISECONDS = 1_000.0
_SAMPLES = 400_000.0


def wrong_unit(ends_s: np.ndarray, durations_s: np.ndarray) -> str | None:
    """Why ends (N,) cannot be seconds of recordings that last `durations_s` (N,), with what to do; None when they can.

    They cannot when most lie far beyond their recording and all would fit as milliseconds, or else as samples: no recorder
    takes more than 400,000 a second. A few ends beyond a recording are mistakes of their own lines.
    """
    if not len(ends_s):
        return None
    times = ends_s / durations_s
    far = int(np.count_nonzero(times > _FAR))
    if far <= len(times) / 2 or times.max() > _SAMPLES:
        return None
    unit, remedy = ("milliseconds", "1000") if times.max() <= _MILLISECONDS else ("samples", "the sampling rate")
    worst = int(np.argmax(times))
    return (
        f"{far} of {len(times)} selections end far beyond their recordings, such as {ends_s[worst]:g} in one of "
        f"{durations_s[worst]:.1f} s. As {unit} they would fit: divide the times by {remedy}. If they are seconds, they belong "
        "to other recordings."
    )
