"""A server while it runs: where it is, how it is stopped, and how it ends."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import uvicorn


@dataclass(frozen=True)
class Running:
    """A server that answers: where, and how it is stopped."""

    root: str
    token: str | None
    models: tuple[str, ...]
    stop: Callable[[], None]
    """Ends it when the requests under way have their answers; any thread may call this."""

    @property
    def page(self) -> str:
        """The address of the page; a token stands behind a #, which browsers keep to themselves."""
        return self.root if self.token is None else f"{self.root}#token={self.token}"


class Server(uvicorn.Server):
    """uvicorn's, which says when it answers."""

    running: Running

    def __init__(self, config: uvicorn.Config, ready: Callable[[Running], object] | None) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.ready is not None:
            self.ready(self.running)

    def end(self) -> None:
        """As a signal would."""
        self.should_exit = True


def run(server: Server, listening: socket.socket) -> None:
    """Until a signal. uvicorn raises it again when all is done, and being asked to stop is no mistake."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, lambda *_: None) if main else None
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    finally:
        if main:
            signal.signal(signal.SIGTERM, before)
