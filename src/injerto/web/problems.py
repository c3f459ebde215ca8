"""What went wrong with a request, for programs and people: application/problem+json.

*Source*: RFC 9457, Problem Details for HTTP APIs.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from injerto.errors import InjertoError, OutputError

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that is not answered as it was asked: a status, what is wrong in a sentence, and more for programs."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, dict(headers or {}), more

    def response(self) -> Response:
        """As RFC 9457 writes it. The type is the default one, by which the title is the status's own."""
        title = HTTPStatus(self.status).phrase
        told = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail, **self.more}
        return Response(to_json(told, inf_nan_mode="null"), self.status, self.headers, MEDIA_TYPE)


def busy(detail: str, *, seconds: int = 1, close: bool = False) -> Problem:
    """Too much at once: 503, when to come again, and whether the connection must `close` until then."""
    return Problem(503, detail, headers={"Retry-After": str(seconds)} | ({"Connection": "close"} if close else {}))


async def told(request: Request, error: Exception) -> Response:
    """The response to a request that raised."""
    if isinstance(error, Problem):
        return error.response()
    if isinstance(error, OutputError):
        return Problem(507, str(error)).response()
    if isinstance(error, InjertoError):
        return Problem(422, str(error)).response()
    if isinstance(error, HTTPException):
        return Problem(error.status_code, _WORDS.get(error.status_code, error.detail), headers=error.headers).response()
    return Problem(500, "The server failed at this request. Its log says more.").response()


_WORDS = {
    404: "There is nothing at this address. The addresses are listed at /openapi.json.",
    405: "This address does not know this method. The header Allow names those it knows.",
}
