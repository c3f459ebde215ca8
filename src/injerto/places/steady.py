"""What fails in passing is tried again: a network drive that loses one read in a hundred, a store that is busy."""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSES_S = (0.1, 0.5)
"""Before the second and the third try."""
PASSING = frozenset(
    {
        errno.EIO,
        errno.ESTALE,
        errno.ETIMEDOUT,
        errno.EAGAIN,
        errno.EINTR,
        errno.ECONNRESET,
        errno.ECONNABORTED,
        errno.ENETRESET,
        errno.EREMOTEIO,
    }
)
"""What a system says of a read that may succeed a moment later. A file that is not there, or closed to us, is not among it."""

_NUMBERED = re.compile(r"\(os error (\d+)\)")
"""How polars tells what the system said."""


def steadily(read: Callable[[], T]) -> T:
    """The result of `read`, which is called up to three times while it fails in passing. *Raises* what the last call did."""
    for pause_s in PAUSES_S:
        try:
            return read()
        except OSError as slip:
            if not passing(slip):
                raise
        time.sleep(pause_s)
    return read()


def passing(slip: OSError) -> bool:
    """Whether what went wrong may go right a moment later."""
    told = _NUMBERED.search(str(slip)) if slip.errno is None else None
    return (int(told[1]) if told else slip.errno) in PASSING
