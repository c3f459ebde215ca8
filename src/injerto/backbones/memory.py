"""Keep memory instead of returning it to the system after every batch: page faults are the first cost of a CPU network."""

from __future__ import annotations

import ctypes
import functools
import platform

# mallopt's parameters, from glibc's malloc.h
_M_TRIM_THRESHOLD = -1
_M_MMAP_MAX = -4
_LARGEST_INT = 2**31 - 1


@functools.cache
def keep_memory() -> bool:
    """Tell glibc to keep what it freed for the next batch; once a process. True when it took effect.

    Worth a factor of 1.5 to 3 on convolutions, for about a third more resident memory. Other systems are left alone.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_M_MMAP_MAX, 0)) and bool(mallopt(_M_TRIM_THRESHOLD, _LARGEST_INT))
