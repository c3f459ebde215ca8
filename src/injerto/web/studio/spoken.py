"""Bodies of requests that are short objects in JSON."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json
from starlette.requests import ClientDisconnect, Request

from injerto.web.problems import Problem

MOST_BYTES = 4_000_000
"""A table of ten thousand columns, each with a wish, fits."""


async def json_of(request: Request) -> dict[str, Any]:
    """The object in the body of `request`. *Raises* Problem: 400 for what is none, 413 for too much."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                raise Problem(413, f"The body has more than {MOST_BYTES:,} bytes.", headers={"Connection": "close"})
        told = from_json(body, allow_inf_nan=False)
    except ClientDisconnect as gone:
        raise Problem(400, "The connection was closed before the whole body had come.") from gone
    except ValueError as slip:
        raise Problem(400, f"The body is not JSON: {slip}.") from slip
    if not isinstance(told, dict):
        raise Problem(400, "The body must be a JSON object.")
    return told
