"""The most memory of this process that it could not have given back: what it made, not what the system read for it."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

LOOK_SECONDS = 0.2


class AnonymousMemory:
    """Looked at five times a second while the `with` block runs; `gigabytes` is the most."""

    def __init__(self) -> None:
        self.gigabytes = 0.0
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> AnonymousMemory:
        self._watcher.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            for line in Path("/proc/self/status").read_text().splitlines():
                if line.startswith("RssAnon"):
                    self.gigabytes = max(self.gigabytes, int(line.split()[1]) * 1024 / 1e9)
