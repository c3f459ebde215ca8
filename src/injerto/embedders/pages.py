"""Memory in pages of 2 MB, for matrices whose rows are looked up at random: fewer pages, fewer searches for where one lies."""

from __future__ import annotations

import mmap

import torch
from torch import Tensor

LARGE_PAGE = 2**21
"""Bytes."""
_ADVICE = getattr(mmap, "MADV_HUGEPAGE", None)


def roomy(rows: int, width: int) -> Tensor:
    """An uninitialised float32 matrix (rows, width), in large pages where it fills some and the system has them."""
    size = 4 * rows * width
    if size < 2 * LARGE_PAGE or _ADVICE is None:
        return torch.empty(rows, width)
    memory = mmap.mmap(-1, size + LARGE_PAGE)  # the system lays the pages at whole multiples within it
    memory.madvise(_ADVICE)
    return torch.frombuffer(memory, dtype=torch.float32, count=rows * width).view(rows, width)
