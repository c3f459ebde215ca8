"""Keeps the warnings of decoders from the user, who gets one clear reason a file instead."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


class _Silence:
    """Python's warning filters belong to the whole process, so the first thread in saves them and the last restores them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inside = 0
        self.saved = warnings.catch_warnings()


_SILENCE = _Silence()


@contextmanager
def quiet() -> Iterator[None]:
    """Silence warnings inside, from any number of threads at once."""
    with _SILENCE.lock:
        if _SILENCE.inside == 0:
            _SILENCE.saved = warnings.catch_warnings()
            _SILENCE.saved.__enter__()
            warnings.simplefilter("ignore")
        _SILENCE.inside += 1
    try:
        yield
    finally:
        with _SILENCE.lock:
            _SILENCE.inside -= 1
            if _SILENCE.inside == 0:
                _SILENCE.saved.__exit__(None, None, None)
