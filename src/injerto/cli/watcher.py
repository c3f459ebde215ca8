"""Who watches long work from a terminal: live bars, or plain lines where nobody looks on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from injerto.cli.console import errors, say
from injerto.cli.json_watcher import JsonProgress
from injerto.progress import Progress, Step

_SECONDS_BETWEEN_LINES = 10.0


def watcher() -> Progress:
    """Bars on a terminal; plain lines where stderr is a file or a pipe; lines of JSON where INJERTO_PROGRESS is "json"."""
    if os.environ.get("INJERTO_PROGRESS") == "json":
        return JsonProgress()
    return BarProgress() if sys.stderr.isatty() else LineProgress()


class _BarStep(Step):
    def __init__(self, bars: Bars, task: TaskID) -> None:
        self.bars = bars
        self.task = task

    def advance(self, count: int = 1, note: str = "") -> None:
        self.bars.update(self.task, advance=count, note=note)


class BarProgress(Progress):
    """One live line for each piece of work under way."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[note]}", markup=False),
        )
        self.bars = Bars(*columns, console=errors())
        self.depth = 0

    def say(self, sentence: str) -> None:
        self.bars.console.print(sentence, markup=False)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        # Rich allows one live display at a time: pieces of work inside others share it.
        if self.depth == 0:
            self.bars.start()
        self.depth += 1
        task = self.bars.add_task(name, total=total, note="")
        try:
            yield _BarStep(self.bars, task)
        finally:
            self.bars.stop_task(task)
            self.depth -= 1
            if self.depth == 0:
                self.bars.stop()
                for known in self.bars.task_ids:
                    self.bars.remove_task(known)


class _LineStep(Step):
    def __init__(self, name: str, total: int | None) -> None:
        self.name = name
        self.total = total
        self.done = 0
        self.note = ""
        self.start = self.said = time.monotonic()

    def advance(self, count: int = 1, note: str = "") -> None:
        self.done += count
        self.note = note or self.note
        if time.monotonic() - self.said > _SECONDS_BETWEEN_LINES:
            self.said = time.monotonic()
            self.line()

    def line(self) -> None:
        """Say where the work is."""
        share = f"{self.done:,}" if self.total is None else f"{self.done:,} of {self.total:,}"
        seconds = time.monotonic() - self.start
        say(f"{self.name}: {share} in {seconds:.1f} s" + (f" ({self.note})" if self.note else ""))


class LineProgress(Progress):
    """A line when a piece of work ends, and every ten seconds on the way."""

    def say(self, sentence: str) -> None:
        say(sentence)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        piece = _LineStep(name, total)
        yield piece
        piece.line()
