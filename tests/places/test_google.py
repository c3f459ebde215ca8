"""Google's store: asked in its own language, as a stub of its JSON interface answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

import injerto
from injerto.errors import TableNotFoundError
from injerto.table.media import media_bytes

FILES = {"field/birds.csv": b"photo,mass\na/1.jpg,3\n", "field/a/1.jpg": b"a photo"}


class _Stub(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked, name = parse_qs(address.query), unquote(address.path.partition("/b/birds/o")[2].lstrip("/"))
        if "/b/birds/o" in address.path and not name:
            found = [self._told(file) for file in FILES if file.startswith(asked.get("prefix", [""])[0])]
            self._say(200, json.dumps({"items": found}).encode())
        elif name not in FILES:
            self._say(404, b'{"error": {"code": 404, "message": "No such object"}}')
        else:
            self._say(200, FILES[name] if asked.get("alt") == ["media"] else json.dumps(self._told(name)).encode())

    def _told(self, name: str) -> dict[str, str]:
        link = f"http://{self.headers['Host']}/download/storage/v1/b/birds/o/{name.replace('/', '%2F')}?alt=media"
        when = "2026-01-01T00:00:00.000Z"
        facts = {"name": name, "bucket": "birds", "size": str(len(FILES[name])), "etag": "e1", "mediaLink": link}
        return facts | {"updated": when, "timeCreated": when, "generation": "1", "storageClass": "STANDARD"}

    def _say(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        pass  # a client that has its answer elsewhere hangs up


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = _Server(("127.0.0.1", 0), _Stub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")  # asks by gRPC what kind of bucket it is
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
@pytest.mark.usefixtures("google")
def test_a_table_of_googles_store_and_its_files() -> None:
    table = injerto.Table.read("gs://birds/field/birds.csv")
    assert table.columns == ["photo", "mass"]
    assert media_bytes(table.frame["photo"][0], table.folder) == b"a photo"
    with pytest.raises(TableNotFoundError, match=r"There is no table gs://birds/field/none\.csv"):
        injerto.Table.read("gs://birds/field/none.csv")
