"""What every request passes on its way in and every response on its way out: the guard, the counts, the headers."""

from __future__ import annotations

import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from injerto.web.assets import ASSETS
from injerto.web.guard import Guard
from injerto.web.meters import Meters
from injerto.web.problems import Problem, busy
from injerto.web.protocol import CROWDED
from injerto.web.words import PATH as WORDS

OPEN = frozenset({"/health", WORDS, *ASSETS})
"""Addresses that tell nothing of a model: they are answered without a token."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"microphone=(self), camera=(), geolocation=()"),
    (b"cache-control", b"no-store"),
]
"""With every response. There are none by which a page of another site may read it."""


class Gate:
    """Stands around the routes."""

    def __init__(self, app: ASGIApp, guard: Guard, meters: Meters) -> None:
        self.app, self.guard, self.meters = app, guard, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        self.meters.active += 1

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        try:
            if CROWDED in scope.get("extensions", ()):
                raise busy("Too many connections are open. Send this request again later.", close=True)
            self.guard.require(scope["method"], Headers(scope=scope), open_to_all=scope["path"] in OPEN)
            await self.app(scope, receive, answered)
        except Problem as problem:
            await problem.response()(scope, receive, answered)
        finally:
            self.meters.active -= 1
            route = scope["endpoint"].__name__ if "endpoint" in scope else "none"
            self.meters.add(route, status, time.perf_counter() - started)
