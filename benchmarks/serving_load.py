"""Clients that ask a server as fast as it answers, each one request at a time, and how long they waited.

python benchmarks/serving_load.py PORT ASKED.json CLIENTS SECONDS
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import cycle
from pathlib import Path

import numpy as np


class Client(asyncio.Protocol):
    """One connection that is kept; the next request goes out when the last is answered."""

    def __init__(self, requests: cycle[bytes], until: float, waited: list[float], done: asyncio.Future[None]) -> None:
        self.requests, self.until, self.waited, self.done = requests, until, waited, done
        self.reply = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.send()

    def send(self) -> None:
        """Ask for the next rows."""
        self.started = time.perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        """Take a part of a reply; ask again when it is whole."""
        self.reply += data
        head, separator, body = self.reply.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(self.reply.decode()))
            return
        self.reply = b""
        now = time.perf_counter()
        self.waited.append(now - self.started)
        if now < self.until:
            self.send()
        else:
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Only at the end."""
        if not self.done.done():
            self.done.set_exception(ConnectionError("The server hung up."))


def requests_of(asked: dict[str, object], port: int) -> list[bytes]:
    """Whole requests, made before the clock runs."""
    bodies = [body.encode() for body in asked.get("bodies", [])]
    for photo in asked.get("photos", []):
        head = f'--x\r\nContent-Disposition: form-data; name="{asked["name"]}"; filename="a.jpg"\r\n\r\n'.encode()
        bodies.append(head + Path(photo).read_bytes() + b"\r\n--x--\r\n")
    start = f"POST /predict HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {asked['type']}\r\nContent-Length: "
    return [f"{start}{len(body)}\r\n\r\n".encode() + body for body in bodies]


async def ask(port: int, requests: list[bytes], clients: int, seconds: float) -> tuple[list[float], float]:
    """Seconds that each request waited, and that all of them took."""
    loop = asyncio.get_running_loop()
    waited: list[float] = []
    started = time.perf_counter()
    done = [loop.create_future() for _ in range(clients)]
    endless = cycle(requests)
    for one in done:
        await loop.create_connection(lambda one=one: Client(endless, started + seconds, waited, one), "127.0.0.1", port)
    await asyncio.gather(*done)
    return waited, time.perf_counter() - started


def main() -> None:
    """Ask, and print the figures as JSON."""
    port, asked, clients, seconds = sys.argv[1:]
    requests = requests_of(json.loads(Path(asked).read_text()), int(port))
    waited, took = asyncio.run(ask(int(port), requests, int(clients), float(seconds)))
    p50, p99 = np.quantile(waited, [0.5, 0.99]) * 1000
    print(json.dumps({"requests": len(waited), "per_second": len(waited) / took, "p50_ms": p50, "p99_ms": p99}))


if __name__ == "__main__":
    main()
