"""Run the studio until somebody stops it: the work folder, the address, the token."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

import uvicorn

from injerto.errors import ServeError
from injerto.report.language import LanguageCode
from injerto.web.address import listening_at
from injerto.web.guard import Guard
from injerto.web.limits import Limits
from injerto.web.protocol import protocol_for
from injerto.web.running import Running, Server, run
from injerto.web.studio.site import studio_site
from injerto.web.studio.uploads import Sizes

HOST, PORT = "127.0.0.1", 8010


def studio(
    *,
    folder: str | Path | None = None,
    work: str | Path | None = None,
    port: int = PORT,
    sizes: Sizes | None = None,
    language: LanguageCode | None = None,
    ready: Callable[[Running], object] | None = None,
) -> None:
    """A page to train on, for this machine alone, until SIGINT or SIGTERM.

    Tables below `folder` may be picked there. Uploads and models go to `work`, a new temporary folder if none is given.
    `port` 0 takes any that is free. It speaks `language`, or without one that of the browser.
    `ready` is told where the page is; its address holds the token.

    *Raises* ServeError when a folder or the address cannot be had.
    """
    offered = None if folder is None else _folder(Path(folder))
    token = secrets.token_urlsafe(24)
    with listening_at(HOST, port) as listening:
        place = _work(work)
        guard = Guard(token, advice="Open the address that the studio printed.")
        app = studio_site(place, guard, folder=offered, sizes=sizes or Sizes(), temporary=work is None, language=language)
        config = uvicorn.Config(
            app,
            http=protocol_for(Limits()),
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        server = Server(config, ready)
        server.running = Running(f"http://{HOST}:{listening.getsockname()[1]}/", token, (), server.end)
        run(server, listening)


def _folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise ServeError(f"The folder '{folder}' is not there. Give --folder the folder that your tables lie in.")
    return folder.resolve()


def _work(work: str | Path | None) -> Path:
    if work is None:
        return Path(tempfile.mkdtemp(prefix="injerto-studio-"))
    place = Path(work).expanduser().resolve()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as slip:
        raise ServeError(f"The work folder '{place}' cannot be made: {slip.strerror or slip}.") from slip
    return place
