"""Connections whose clients never get to the point: the head of a request must come in time and be of a sane length."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from injerto.web.limits import Limits

HEAD_BYTES = 65_536
CROWDED = "injerto.crowded"
"""Among the extensions of a request's scope when its connection was one too many. uvicorn has a limit of its own, which answers
in plain text, past the gate with its counts and headers."""


def protocol_for(limits: Limits) -> type[asyncio.Protocol]:
    """What uvicorn makes of each connection."""

    class Connection(_Connection):
        head_seconds = limits.head_seconds
        most = limits.connections

    return Connection


class _Connection(HttpToolsProtocol):
    """uvicorn's, which waits for a head for ever and takes one of any length. After a response it closes idle ones itself."""

    head_seconds: float
    most: int
    """Connections that may be open."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self._crowded = len(self.connections) > self.most  # those that were there before go on
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._clock.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._clock.cancel()
        self._begin()

    def on_headers_complete(self) -> None:
        self._clock.cancel()
        self._in_head = False
        if self._crowded:
            self.scope["extensions"] = {CROWDED: {}}
        super().on_headers_complete()

    def _begin(self) -> None:
        self._in_head, self._head_bytes = True, 0
        self._clock: Any = self.loop.call_later(self.head_seconds, self.transport.close)
