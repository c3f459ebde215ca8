"""The actor of Ray that does an errand: it holds what `ready` loaded and answers items, its own mistakes included."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

from injerto.scale.errand import Errand
from injerto.version import __version__

NUMBER, PART, LAST, ERROR, CONTENT = "number", "part", "last", "error", "content"
"""Columns of the blocks: which item, which part of its answer, whether it is the last, what went wrong, the bytes."""


class Worker:
    """What Ray Data makes an actor of; an object of it stays for as many items as come."""

    def __init__(self, errand: Errand, version: str, settings: dict[str, str]) -> None:
        self.errand, self.version, self.settings, self.is_ready = errand, version, settings, False

    def __call__(self, block: Any) -> Iterator[Any]:
        """A block of items, pyarrow's `Table`, to blocks of parts of answers."""
        for number, item in zip(block[NUMBER].to_pylist(), block[CONTENT].to_pylist(), strict=True):
            yield from self._answered(number, item)

    def _answered(self, number: int, item: bytes) -> Iterator[Any]:
        """All parts of one answer; a mistake becomes the last part, as Ray's own way of telling buries it."""
        part, held = 0, None
        try:
            self._make_ready()
            for content in self.errand.do(item):
                if held is not None:
                    yield _block(number, part, False, "", held)
                    part += 1
                held = content
        except Exception as slip:
            yield _block(number, part, True, self._told(slip), b"")
            return
        yield _block(number, part, True, "", held or b"")

    def _make_ready(self) -> None:
        if self.is_ready:
            return
        if self.version != __version__:
            raise RuntimeError(f"it has Injerto {__version__}, the command came from {self.version}; install the same there")
        os.environ |= self.settings
        self.errand.ready()
        self.is_ready = True

    def _told(self, slip: Exception) -> str:
        return f"A worker on {socket.gethostname()} (process {os.getpid()}) could not go on: {slip or type(slip).__name__}"


def _block(number: int, part: int, last: bool, error: str, content: bytes) -> Any:
    return as_block({NUMBER: [number], PART: [part], LAST: [last], ERROR: [error], CONTENT: [content]})


def as_block(columns: dict[str, list[Any]]) -> Any:
    """Columns as pyarrow's `Table`, the bytes among them of any length."""
    import pyarrow

    fields = {name: pyarrow.array(cells) for name, cells in columns.items() if name != CONTENT}
    return pyarrow.table(fields | {CONTENT: pyarrow.array(columns[CONTENT], type=pyarrow.large_binary())})
