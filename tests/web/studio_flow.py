"""A studio in the test's own process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from serving import Client, Reply, answering

import injerto


@contextmanager
def studio(**options: Any) -> Iterator[Client]:
    """A studio, until the end of the context."""
    with answering(lambda ready: injerto.studio(port=0, ready=ready, **options)) as client:
        yield client


def until(look: Callable[[], Any], seconds: float = 120) -> Any:
    """What `look` finds, as soon as it finds anything."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("nothing came of it")


def send(client: Client, upload: str, path: str, content: bytes) -> Reply:
    return client.ask("PUT", f"/uploads/{upload}/file?path={path}", content)


def upload(client: Client, **files: bytes) -> tuple[str, dict[str, Any]]:
    """An upload of `files`, __ for a slash and _dot_ for a dot in their names; its name, and what is the table."""
    name = client.post("/uploads", {}).told["upload"]
    for path, content in files.items():
        reply = send(client, name, path.replace("__", "/").replace("_dot_", "."), content)
        assert reply.status == 201, reply.told
    return name, client.post(f"/uploads/{name}/table", {"table": None}).told


def check(client: Client, *, quick: bool = True, asked: dict[str, Any] | None = None, **at: str) -> dict[str, Any]:
    """What a check of the table `at` found."""
    begun = client.post("/checks", {**at, "asked": asked or {}, "quick": quick})
    assert begun.status == 202, begun.told
    return until(lambda: (told := client.get(f"/checks/{begun.told['check']}").told) and not told["running"] and told)
