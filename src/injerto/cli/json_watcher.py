"""Who watches long work from another program: a line of JSON on stderr for all that happens.

`{"step": 1, "name": "training (head)", "total": 240}` opens a piece of work; `{"step": 1, "done": 12, "note": ""}` says how far
it is, a few times a second; `{"step": 1, "epoch": 0, "train_loss": 0.9, "tune_loss": 0.8}` how an epoch ended; `{"step": 1,
"ended": true}` that it is over; `{"said": "..."}` is a sentence. Lines that are no such object are sentences, too.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from injerto.progress import Progress, Step

_SECONDS_BETWEEN_LINES = 0.2


class JsonProgress(Progress):
    """Numbers the pieces of work from 1."""

    def __init__(self) -> None:
        self.steps = 0

    def say(self, sentence: str) -> None:
        _write(said=sentence)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        self.steps += 1
        piece = _JsonStep(self.steps)
        _write(step=piece.number, name=name, total=total)
        try:
            yield piece
        finally:
            piece.write()
            _write(step=piece.number, ended=True)


class _JsonStep(Step):
    def __init__(self, number: int) -> None:
        self.number, self.done, self.note = number, 0, ""
        self.written = time.monotonic()

    def advance(self, count: int = 1, note: str = "") -> None:
        self.done += count
        self.note = note or self.note
        if time.monotonic() - self.written > _SECONDS_BETWEEN_LINES:
            self.write()

    def judged(self, epoch: int, train_loss: float, tune_loss: float | None) -> None:
        _write(step=self.number, epoch=epoch, train_loss=_finite(train_loss), tune_loss=_finite(tune_loss))

    def write(self) -> None:
        """Say where the work is."""
        self.written = time.monotonic()
        _write(step=self.number, done=self.done, note=self.note)


def _finite(loss: float | None) -> float | None:
    return loss if loss is not None and math.isfinite(loss) else None


def _write(**told: Any) -> None:
    # One write a line: other threads speak, too.
    sys.stderr.write(json.dumps(told, ensure_ascii=True) + "\n")
    sys.stderr.flush()
