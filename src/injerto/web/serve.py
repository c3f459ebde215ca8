"""Serve models over HTTP until somebody stops it: the address, the token, the server, a graceful end."""

from __future__ import annotations

import math
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from injerto.errors import ServeError
from injerto.web.guard import LOOPBACK_NAMES, Guard, is_loopback
from injerto.web.limits import Limits
from injerto.web.protocol import protocol_for
from injerto.web.shelf import shelf_of
from injerto.web.site import site

HOST, PORT = "127.0.0.1", 8000
SHORTEST_TOKEN = 16
_CONNECTIONS = 1000
_TURN_SECONDS = 0.001
"""After so long another thread may go on, so that requests are read while answers are computed. Python's own 5 ms would add
up to much of what a request takes."""


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


def serve(
    models: str | Path,
    *,
    host: str = HOST,
    port: int = PORT,
    token: str | None = None,
    names: Sequence[str] = (),
    corrections: str | Path | None = None,
    limits: Limits | None = None,
    ready: Callable[[Running], object] | None = None,
) -> None:
    """Serve the model, or each of the models, in the folder `models`, until SIGINT or SIGTERM; requests under way end first.

    `port` 0 takes any that is free. Beyond this machine there is always a `token`, which is made up if none is given; `names`
    are further names of the server. `corrections` is a folder for what people correct on the page. `ready` is told where it is.

    *Raises* ServeError when the address cannot be had, ArtifactError when there is no model.
    """
    limits = limits or Limits()
    token = _token(host, token)
    with _socket(host, port) as listening:
        shelf = shelf_of(Path(models))
        known = {*LOOPBACK_NAMES, host.lower(), *(name.lower() for name in names)} if names or is_loopback(host) else set()
        app = site(shelf, limits, Guard(token, known), None if corrections is None else Path(corrections))
        taken = listening.getsockname()[1]
        root = f"http://{f'[{host}]' if ':' in host else host}:{taken}/"
        config = uvicorn.Config(
            app,
            http=protocol_for(limits),
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=math.ceil(limits.request_seconds),
        )
        sys.setswitchinterval(_TURN_SECONDS)
        server = _Server(config, ready)
        server.running = Running(root, token, tuple(shelf), server.end)
        _run(server, listening)


class _Server(uvicorn.Server):
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


def _run(server: _Server, listening: socket.socket) -> None:
    """Until a signal. uvicorn raises it again when all is done, and being asked to stop is no mistake."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, lambda *_: None) if main else None
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    finally:
        if main:
            signal.signal(signal.SIGTERM, before)


def _token(host: str, token: str | None) -> str | None:
    """*Raises* ServeError for one that others could guess."""
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise ServeError(f"The token has {len(token)} characters; give at least {SHORTEST_TOKEN}, or none to have one made up.")
    return secrets.token_urlsafe(24) if token is None and not is_loopback(host) else token


def _socket(host: str, port: int) -> socket.socket:
    """*Raises* ServeError when the address cannot be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        found = socket.socket(family, kind, proto)
        try:
            if sys.platform != "win32":
                found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
        except OSError:
            found.close()
            raise
    except (OSError, OverflowError) as slip:
        reason = (isinstance(slip, OSError) and slip.strerror) or slip
        raise ServeError(f"The address {host}:{port} cannot be had: {reason}. Give another --port, or 0 for any.") from slip
    return found
