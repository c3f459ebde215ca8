"""A command of Injerto in a process of its own: what takes long or fails never takes the page with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from injerto.places.stores import CLOSED_SETTING
from injerto.web.studio.seen import Seen

GRACE_SECONDS = 20.0
"""From being asked to end to being ended. Checkpoints are written whole, so that nothing breaks by it."""


class Child:
    """Started when made; two threads read what it writes. It opens no address, unless INJERTO_ADDRESSES says so."""

    def __init__(
        self, words: Sequence[str], *, env: Mapping[str, str] | None = None, ended: Callable[[Child], object] | None = None
    ) -> None:
        self.seen, self.output, self.stopped = Seen(), "", False
        self.code: int | None = None
        """The exit code, once all that was written is read."""
        self._ended = ended
        self._process = subprocess.Popen(
            [sys.executable, "-m", "injerto", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={CLOSED_SETTING: "closed"}
            | os.environ
            | {"INJERTO_PROGRESS": "json", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
            | dict(env or {}),
            start_new_session=True,  # Ctrl+C in the studio's terminal reaches the studio, which then asks its children
        )
        self._listener = threading.Thread(target=self._follow, daemon=True)
        self._listener.start()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.code is None

    def stop(self) -> None:
        """Ask it to end as Ctrl+C would, and end it when it does not. Returns at once."""
        if self.running and not self.stopped:
            self.stopped = True
            self._process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)
            timer = threading.Timer(GRACE_SECONDS, self._kill)
            timer.daemon = True
            timer.start()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within `seconds`; it is ended hard then."""
        self._listener.join(seconds)
        if self._listener.is_alive():
            self._kill()
            self._listener.join(5)
        return not self._listener.is_alive()

    def _kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()

    def _follow(self) -> None:
        assert self._process.stdout is not None and self._process.stderr is not None
        reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        reader.start()
        with self._process.stderr as lines:
            for line in lines:
                self.seen.take(line)
        reader.join()
        self.code = self._process.wait()
        if self._ended is not None:
            self._ended(self)

    def _read(self, stream: IO[str]) -> None:
        with stream:
            self.output = stream.read()
