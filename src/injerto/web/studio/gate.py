"""What every request of the studio passes: the guard on its way in, the headers on its way out."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from injerto.web.gate import HEADERS
from injerto.web.guard import Guard
from injerto.web.problems import Problem
from injerto.web.studio.assets import ASSETS
from injerto.web.words import PATH as WORDS

REPORT_POLICY = (
    "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; media-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A report is one file with style and script inside. It is shown as if of another site: it can ask neither the studio nor the
network anything, whatever a table made it say."""
_POLICY = b"content-security-policy"


OPEN = frozenset({WORDS, *ASSETS})


class StudioGate:
    """Stands around the routes. Reports are opened in a tab, which sends no token: their address is as secret as one."""

    def __init__(self, app: ASGIApp, guard: Guard, reports: str) -> None:
        self.app, self.guard, self.reports = app, guard, reports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        report = scope["path"].startswith(self.reports)

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name, REPORT_POLICY.encode() if report and name == _POLICY else value) for name, value in HEADERS]
                message["headers"] = [*message.get("headers", ()), *own]
            await send(message)

        try:
            self.guard.require(scope["method"], Headers(scope=scope), open_to_all=report or scope["path"] in OPEN)
            await self.app(scope, receive, answered)
        except Problem as problem:
            await problem.response()(scope, receive, answered)
