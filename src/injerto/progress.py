"""How long work tells its watcher where it is, without knowing whether that is a terminal, a page or nobody."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager


class Step(ABC):
    """One piece of long work under way."""

    @abstractmethod
    def advance(self, count: int = 1, note: str = "") -> None:
        """Say that `count` more units are done; `note` is a short live figure such as a loss."""

    def judged(self, epoch: int, train_loss: float, tune_loss: float | None) -> None:
        """Say how an epoch of training ended, counted from 0; None where no rows judge. Most watchers have no use for it."""
        return None


class Progress(ABC):
    """Receives what a verb has to say while it works."""

    @abstractmethod
    def say(self, sentence: str) -> None:
        """Pass on one finished sentence."""

    @abstractmethod
    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        """Open a piece of work of `total` units (None when unknown)."""
        yield SilentStep()


class SilentStep(Step):
    """Keeps quiet."""

    def advance(self, count: int = 1, note: str = "") -> None:
        return None


class Silent(Progress):
    """The watcher of a program that does not watch."""

    def say(self, sentence: str) -> None:
        return None

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        yield SilentStep()
