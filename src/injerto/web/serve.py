"""Serve models over HTTP until somebody stops it: the address, the token, the server, a graceful end."""

from __future__ import annotations

import math
import secrets
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from injerto.errors import ServeError
from injerto.progress import Progress, Silent
from injerto.report.language import LanguageCode
from injerto.table.table import Table
from injerto.web.address import listening_at
from injerto.web.among import among_of
from injerto.web.guard import LOOPBACK_NAMES, Guard, is_loopback
from injerto.web.limits import Limits
from injerto.web.protocol import protocol_for
from injerto.web.running import Running, Server, run
from injerto.web.shelf import shelf_of
from injerto.web.site import site

HOST, PORT = "127.0.0.1", 8000
SHORTEST_TOKEN = 16
_TURN_SECONDS = 0.001
"""After so long another thread may go on, so that requests are read while answers are computed. Python's own 5 ms would add
up to much of what a request takes."""


def serve(
    models: str | Path,
    *,
    host: str = HOST,
    port: int = PORT,
    token: str | None = None,
    names: Sequence[str] = (),
    corrections: str | Path | None = None,
    among: object | None = None,
    limits: Limits | None = None,
    language: LanguageCode | None = None,
    ready: Callable[[Running], object] | None = None,
    progress: Progress | None = None,
) -> None:
    """Serve the model, or each of the models, in the folder `models`, until SIGINT or SIGTERM; requests under way end first.

    `port` 0 takes any that is free. Beyond this machine there is always a `token`, which is made up if none is given; `names`
    are further names of the server. `corrections` is a folder for what people correct on the page. Explanations show rows of
    the table `among`, a path or anything else that `Table.of` takes, that are most like the one that is asked about; its files
    are looked at first, which `progress` hears of. The page is in `language`, or without one in that of the browser. `ready`
    is told where it is.

    *Raises* ServeError when the address cannot be had, or no model can show rows of `among`; ArtifactError when there is no
    model; TableError when `among` cannot be read.
    """
    table = None if among is None else Table.of(among)
    limits = limits or Limits()
    token = _token(host, token)
    with listening_at(host, port) as listening:
        shelf = shelf_of(Path(models))
        met = {} if table is None else among_of(shelf, table, progress or Silent())
        known = {*LOOPBACK_NAMES, host.lower(), *(name.lower() for name in names)} if names or is_loopback(host) else set()
        app = site(shelf, limits, Guard(token, known), None if corrections is None else Path(corrections), language, met)
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
            timeout_graceful_shutdown=math.ceil(limits.request_seconds),
        )
        sys.setswitchinterval(_TURN_SECONDS)
        server = Server(config, ready)
        server.running = Running(root, token, tuple(shelf), server.end)
        run(server, listening)


def _token(host: str, token: str | None) -> str | None:
    """*Raises* ServeError for one that others could guess."""
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise ServeError(f"The token has {len(token)} characters; give at least {SHORTEST_TOKEN}, or none to have one made up.")
    return secrets.token_urlsafe(24) if token is None and not is_loopback(host) else token
