"""A store that speaks S3, and a web server, both in the test's own process."""

from __future__ import annotations

import logging
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from injerto.places import stores

Upload = Callable[[Path], str]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def store(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Upload]:
    """Puts a file, or what is in a folder, into a bucket of its own, and says where it lies now."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    files = stores._opened("s3", os.getpid())

    def upload(place: Path) -> str:
        bucket = f"birds-{uuid.uuid4().hex[:12]}"
        files.mkdir(bucket)
        if place.is_file():
            files.put_file(str(place), f"{bucket}/{place.name}")
            return f"s3://{bucket}/{place.name}"
        for file in (file for file in place.rglob("*") if file.is_file()):
            files.put_file(str(file), f"{bucket}/field/{file.relative_to(place).as_posix()}")
        return f"s3://{bucket}/field"

    yield upload


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stores are opened anew in this test, with the settings that it makes."""
    stores._opened.cache_clear()
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    yield
    stores._opened.cache_clear()
    fsspec.get_filesystem_class("s3").clear_instance_cache()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """The address of a server that shows what is in the folder `site` of the test."""
    (tmp_path / "site").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path / "site")))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()
