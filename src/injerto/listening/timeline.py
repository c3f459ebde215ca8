"""The contract of every way to run a model along a recording: shares of every class over its time."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from injerto.places.address import Address
from injerto.table.recording import Recording


@dataclass(frozen=True)
class Stretch:
    """Some seconds from `start_s` on: calibrated `shares` (T,K) float32, a row every step. Stretches follow without a gap."""

    start_s: float
    shares: np.ndarray


class Timeline(ABC):
    """A model that runs along recordings."""

    names: list[str]
    """The K classes."""
    step_s: float
    """Seconds from one row to the next."""

    @abstractmethod
    def answers(self, path: str | Path | Address) -> Iterator[np.ndarray]:
        """Shares (T,K) along a recording, in order, where a row speaks of its own step; perhaps some too many or too few."""

    def scores(self, path: str | Path | Address) -> Iterator[Stretch]:
        """Shares from the start of a recording to its end, a row for every step that begins in it. *Raises* MediaError."""
        rows = max(1, math.ceil(Recording.open(path).seconds / self.step_s - 1e-6))
        done, last = 0, np.empty((0, len(self.names)), dtype=np.float32)
        for answer in self.answers(path):
            shares = answer[: rows - done]
            if len(shares):
                yield Stretch(done * self.step_s, shares)
                last = shares[-1:]
            done += len(shares)
        if done < rows:
            yield Stretch(done * self.step_s, np.repeat(last, rows - done, axis=0))
