"""Imports without Python's cycle collector: what they make stays, so looking through it for rubbish is time lost."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector rest within, and leave it as it was.

    PyTorch alone makes a few hundred thousand objects while it is imported. The collector would go through all of them
    again and again, which is an eighth of the wait before a first answer.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
