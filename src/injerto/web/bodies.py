"""Bodies of requests in memory, each and all together within limits, however slowly and in whatever parts they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, Request

from injerto.web.limits import Limits
from injerto.web.problems import Problem, busy

_DIGITS = 19
_CLOSE = {"Connection": "close"}
"""Nobody reads the rest of such a body."""


class Bodies:
    """Counts what is held. Used from the event loop alone."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.most = max(limits.held_bytes, limits.body_bytes)
        self.held = 0

    @asynccontextmanager
    async def of(self, request: Request) -> AsyncIterator[bytes]:
        """The body of `request`, held until this context ends.

        *Raises* Problem: 413 when it is too long, 415 when it is packed, 408 when it does not come, 503 when too much is held.
        """
        packed = request.headers.get("content-encoding", "identity")
        if packed != "identity":
            raise Problem(415, f"The body is packed ({packed[:40]}); send it as it is.", headers=_CLOSE)
        self._require_room(_announced(request))
        parts: list[bytes] = []
        taken = 0
        try:
            async with asyncio.timeout(self.limits.request_seconds):
                async for part in request.stream():
                    self._require_room(taken + len(part))
                    parts.append(part)
                    taken += len(part)
                    self.held += len(part)
                    if self.held > self.most:
                        raise busy("Too many large requests at once. Send it again later.")
            yield parts[0] if len(parts) == 1 else b"".join(parts)
        except ClientDisconnect as gone:
            raise Problem(400, "The connection was closed before the whole body had come.") from gone
        except TimeoutError as late:
            seconds = self.limits.request_seconds
            raise Problem(408, f"The body had not arrived after {seconds:g} s.", headers=_CLOSE) from late
        finally:
            self.held -= taken

    def _require_room(self, length: int) -> None:
        if length > self.limits.body_bytes:
            raise Problem(
                413,
                f"The body has more than {self.limits.body_bytes:,} bytes. Send fewer rows or smaller files, or start the "
                "server with a larger --max-mb.",
                headers=_CLOSE,
            )


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < _DIGITS else 0
