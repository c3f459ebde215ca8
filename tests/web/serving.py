"""A server in the test's own process, models for it, and the plainest of clients."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

import injerto
from injerto.web.running import Running


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """Asks one server, a connection a request."""

    port: int
    token: str | None = None

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | Iterator[bytes] | None = None,
        headers: dict[str, str] | None = None,
        seconds: float = 30,
    ) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        known = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        try:
            connection.request(method, path, body, known | (headers or {}))
            reply = connection.getresponse()
            return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, told: Any, **headers: str) -> Reply:
        return self.ask("POST", path, json.dumps(told), {"Content-Type": "application/json"} | headers)

    def rows(self, *rows: dict[str, Any], path: str = "/predict") -> Reply:
        return self.post(path, {"rows": rows})

    def form(self, path: str, *parts: tuple[str, str | None, bytes]) -> Reply:
        """A form of (name, file name or None, content)."""
        body, kind = form(*parts)
        return self.ask("POST", path, body, {"Content-Type": kind})

    def raw(self, content: bytes, *, seconds: float = 10) -> bytes:
        """What comes back for bytes that may be no request at all."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as found:
            found.sendall(content)
            found.shutdown(socket.SHUT_WR)
            parts = []
            while part := found.recv(65536):
                parts.append(part)
            return b"".join(parts)


def form(*parts: tuple[str, str | None, bytes]) -> tuple[bytes, str]:
    """A multipart body and its type."""
    lines = []
    for name, filename, content in parts:
        file = "" if filename is None else f'; filename="{filename}"'
        lines += [b"--x\r\n", f'Content-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode(), content, b"\r\n"]
    return b"".join([*lines, b"--x--\r\n"]), "multipart/form-data; boundary=x"


def close(told: Any, expected: Any) -> None:
    """All that `expected` has, told the same within 1e-4."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            close(told[name], value)
    elif isinstance(expected, list):
        assert len(told) == len(expected)
        for one, other in zip(told, expected, strict=True):
            close(one, other)
    else:
        assert told == (pytest.approx(expected, rel=1e-4, abs=1e-4) if isinstance(expected, float) else expected)


@contextmanager
def served(folder: Path, **options: Any) -> Iterator[Client]:
    """A server of the models in `folder`, until the end of the context."""
    with answering(lambda ready: injerto.serve(folder, port=0, ready=ready, **options)) as client:
        yield client


@contextmanager
def answering(serve: Callable[[Callable[[Running], None]], None]) -> Iterator[Client]:
    """What `serve` runs until it is stopped, in a thread, as soon as it has told where it is, until the end of the context."""
    told: SimpleQueue[Running | BaseException] = SimpleQueue()

    def run() -> None:
        try:
            serve(told.put)
        except BaseException as slip:
            told.put(slip)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    running = told.get(timeout=60)
    if isinstance(running, BaseException):
        raise running
    try:
        yield Client(int(running.root.rsplit(":", 1)[1].strip("/")), running.token)
    finally:
        running.stop()
        thread.join(60)
        assert not thread.is_alive()
