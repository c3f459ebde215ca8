"""The contract of every way to run a model along a recording: shares of every class over its time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np


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
    def scores(self, path: str | Path) -> Iterator[Stretch]:
        """Shares from the start of a recording to its end, where a row speaks of its own step. *Raises* MediaError."""
