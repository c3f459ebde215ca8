"""Keeps what training has to say, since an estimator has nobody to say it to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from injerto.progress import Progress, SilentStep, Step


class Listener(Progress):
    """Sentences for the fitted estimator's `notes_`; no progress is shown."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        yield SilentStep()
