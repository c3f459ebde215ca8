"""Timings of rivals that take turns, so that a machine whose speed wanders does both the same good or harm.

Each rival runs in a process of its own and stops at `my_turn` before every piece of work; `ratios` lets them go one after the
other and times each from here.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np

READY = "ready"


def my_turn() -> None:
    """In a rival: say that the last piece of work is done, and wait for the next turn."""
    print(READY, flush=True)
    sys.stdin.readline()


class Rival:
    """A process that works in turns. Its own output is passed over."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._wait()

    def turn(self) -> float:
        """Seconds of one piece of work."""
        assert self.process.stdin is not None
        started = time.perf_counter()
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self._wait()
        return time.perf_counter() - started

    def _wait(self) -> None:
        assert self.process.stdout is not None
        while (line := self.process.stdout.readline()).strip() != READY:
            if not line:
                raise RuntimeError(f"{self.process.args} ended before its turns were over, code {self.process.wait()}.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()


def take_turns(first: Sequence[str], second: Sequence[str], turns: int, warm_up: int = 2) -> np.ndarray:
    """Seconds (turns, 2) of the commands' pieces of work, side by side in time; the first `warm_up` of each are not counted."""
    with Rival(first) as one, Rival(second) as other:
        seconds = [(one.turn(), other.turn()) for _ in range(warm_up + turns)]
    return np.array(seconds[warm_up:])
