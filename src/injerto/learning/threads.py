"""How many cores a piece of arithmetic is worth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

WORTH_SPLITTING = 5e7
"""Multiplications in one step below which threads cost more than they bring; on a busy machine waiting for them costs 30x."""


@contextmanager
def threads_for(multiplications: float) -> Iterator[None]:
    """One thread inside for little work, as many as before for much; afterwards as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(1 if multiplications < WORTH_SPLITTING else before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
