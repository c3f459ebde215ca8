"""What must not be answered is refused with a problem, in time and in bounded memory, and never fails the server."""

from __future__ import annotations

import io
import json
import resource
import socket
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import cache
from http.client import HTTPConnection
from pathlib import Path

import pytest
from PIL import Image
from serving import Client, Reply, form, served
from studio_flow import until

import injerto
from made_media import png, textured

ROW = {"mass_g": 10, "hour": "day", "seen": "2024-01-05"}
JSON = {"Content-Type": "application/json"}


def refused(reply: Reply, status: int, words: str) -> None:
    assert reply.status == status, reply.body
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.told["status"] == status
    assert {"type", "title", "detail"} <= set(reply.told)
    assert words in reply.told["detail"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "not JSON"),
        (b"{", 400, "not JSON"),
        (b'{"rows": [{"mass_g": NaN, "hour": "day", "seen": null}]}', 400, "not JSON"),
        (b'{"rows": [{"mass_g": Infinity, "hour": "day", "seen": null}]}', 400, "not JSON"),
        (b'{"rows": [{"hour": "\\ud800", "mass_g": 1, "seen": null}]}', 400, "not JSON"),
        (b"\xff\xfe", 400, "not JSON"),
        (b"[" * 100_000, 400, "not JSON"),
        (b'{"rows":' * 20_000, 400, "not JSON"),
        (b"null", 422, "list of rows"),
        (b"[]", 422, "list of rows"),
        (b'{"rows": {}}', 422, "list of rows"),
        (b'{"rows": [1]}', 422, "list of rows"),
        (b'{"rows": []}', 422, "no rows"),
        (b'{"rows": [{}]}', 422, "lack 3 column(s)"),
        (b'{"rows": [{"mas_g": 1, "hour": "day", "seen": null}]}', 422, "'mass_g' Did you mean 'mas_g'?"),
        (b'{"rows": [{"mass_g": [1], "hour": "day", "seen": null}]}', 422, "[1] is not a number"),
        (b'{"rows": [{"mass_g": 1, "hour": {}, "seen": null}]}', 422, "{} is not a category"),
        (b'{"rows": [{"mass_g": 1, "hour": "day", "seen": 20240105}]}', 422, "20240105 is not a date"),
        (b'{"rows": [{"mass_g": 1, "hour": "day", "seen": "2024-13-45"}]}', 422, "'2024-13-45' is not a date"),
    ],
)
def test_bodies_that_are_no_rows(server: Client, body: bytes, status: int, words: str):
    refused(server.ask("POST", "/predict", body, JSON), status, words)


@pytest.mark.parametrize(
    "row",
    [
        ROW | {"mass_g": 10**400},
        ROW | {"mass_g": -1e308},
        ROW | {"mass_g": True},
        ROW | {"hour": 10**30},
        ROW | {"hour": 1.5e300},
        ROW | {"hour": "\x00" * 50},
        ROW | {"hour": "́" * 1000},
        ROW | {"hour": "../../etc/passwd"},
        ROW | {"seen": "0001-01-01"},
        ROW | {"seen": "9999-12-31T23:59:59.999999999"},
        ROW | {"seen": "2024-01-05T10:00:00+99:99"},
        ROW | {"extra": {"deep": [1, 2, {"x": None}]}},
        dict.fromkeys(ROW),
    ],
)
def test_odd_cells_are_answered(server: Client, row: dict[str, object]):
    reply = server.rows(row)
    assert reply.status == 200, reply.body
    shares = [value for name, value in reply.told["answers"][0].items() if name.startswith("species_probability_")]
    assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/predict?maxerror=0.1", 400, "Did you mean 'max_error'?"),
        ("/predict?max_error=nan", 400, "between 0 and 1"),
        ("/predict?coverage=1e999", 400, "between 0 and 1"),
        ("/predict?unlike=1", 400, "true or false"),
        ("/predict?max_error=0.0001", 422, "cannot be promised"),
        ("/identify", 404, "cannot identify. It can: predict, explain"),
        ("/models/bird/predict", 404, "Did you mean 'birds'?"),
        ("/models/..%2f..%2fetc/predict", 404, ""),
        ("/corrections", 409, "--corrections"),
    ],
)
def test_the_wrong_address_or_option(server: Client, path: str, status: int, words: str):
    refused(server.rows(ROW, path=path), status, words)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "words"),
    [
        ("GET", "/nothing", {}, 404, "/openapi.json"),
        ("GET", "/predict", {}, 405, "method"),
        ("POST", "/predict", {"Content-Type": "text/xml"}, 415, "text/xml"),
        ("POST", "/predict", {}, 415, "no type"),
        ("POST", "/predict", JSON | {"Content-Encoding": "gzip"}, 415, "packed (gzip)"),
    ],
)
def test_the_wrong_method_or_type(server: Client, method: str, path: str, headers: dict[str, str], status: int, words: str):
    reply = server.ask(method, path, b"{}", headers)
    refused(reply, status, words)
    assert reply.headers.get("allow") == ("POST" if status == 405 else None)


FORM, KIND = form(("mass_g", None, b"1"), ("hour", None, b"day"), ("seen", None, b""))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (FORM[:-20], "cut short"),
        (b"", "cut short"),
        (b"--y" + FORM, "no multipart form"),
        (FORM.replace(b'name="mass_g"', b"nome"), "no name"),
        (FORM.replace(b"form-data; name", b"a" * 9000 + b"; name"), "header size"),
        (FORM.replace(b"\r\n\r\nday", b"\r\n\r\n\xff\xfe"), "neither a file nor text"),
    ],
)
def test_forms_that_are_none(server: Client, body: bytes, words: str):
    assert server.ask("POST", "/predict", FORM, {"Content-Type": KIND}).status == 200
    refused(server.ask("POST", "/predict", body, {"Content-Type": KIND}), 400, words)


def test_forms_that_say_too_little(server: Client):
    refused(server.ask("POST", "/predict", FORM, {"Content-Type": "multipart/form-data"}), 400, "no boundary")
    hour, seen = ("hour", None, b"day"), ("seen", None, b"")
    refused(server.form("/predict", ("mass_g", "a.jpg", b"1"), hour, seen), 422, "a file where")
    three = [("mass_g", None, b"1")] * 3 + [hour] * 2 + [seen]
    refused(server.form("/predict", *three), 422, "'hour' comes 2 times, another field 3 times")


def test_too_many_rows_and_too_long_a_body(server: Client):
    refused(server.rows(*[ROW] * 51), 413, "at most 50")
    refused(server.ask("POST", "/predict", b" " * 200_001, JSON), 413, "200,000 bytes")


def test_a_gigabyte_in_pieces_is_cut_at_the_limit(server: Client):
    sent = 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        head = (
            "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        connection.sendall(head.encode())
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        with suppress(OSError):  # hung up on
            while sent < 1024**3:
                connection.sendall(chunk)
                sent += 65536
        assert sent < 20_000_000  # what the kernel had taken by then
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes
    assert server.rows(ROW).status == 200


def test_a_body_that_does_not_come(birds_model: Path):
    head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    with served(birds_model, limits=injerto.ServeLimits(request_seconds=0.5)) as client:
        started = time.monotonic()
        with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
            connection.sendall(head)
            said = connection.recv(65536)
    assert b" 408 " in said.splitlines()[0]
    assert 0.4 < time.monotonic() - started < 8


def test_a_head_that_does_not_come_or_does_not_end(server: Client):
    for start in (b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(start)
            assert connection.recv(100) == b""  # hung up on
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection, pytest.raises(OSError):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        for number in range(5000):
            connection.sendall(b"X-%d: " % number + b"y" * 1000 + b"\r\n")
        connection.recv(100)
        raise ConnectionError  # closed without a reset
    assert server.get("/health").status == 200


def test_what_is_no_request(server: Client):
    for content in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"\x00" * 500, b"POST /predict HTTP/9.9\r\n\r\n"):
        said = server.raw(content)
        assert b" 500 " not in said
    assert server.get("/health").told["status"] == "ok"


@cache
def bombs() -> dict[str, tuple[bytes, str]]:
    """Files that are small and unfold to much, or are broken, and what is said of them."""
    wide = png(60_000, 60_000, 8, 0, b"")
    whole = png(9000, 9000, 8, 2, bytes(9000 * 27_001))
    good = io.BytesIO()
    Image.fromarray(textured()).save(good, "JPEG")
    return {
        "promises 3.6 gigapixels": (wide, "too large"),
        "unfolds to 243 MB": (whole, "too large: 9000 x 9000"),
        "half a photo": (good.getvalue()[:-200], "truncated"),
        "text": (b"not a photo", "not a picture"),
        "an archive": (b"PK\x03\x04" + bytes(100), "zip archive"),
        "a gzip bomb": (b"\x1f\x8b" + zlib.compress(bytes(10_000_000)), "gzip"),
        "EPS, which Pillow gives to Ghostscript": (
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n",
            "not a picture",
        ),
        "nothing": (b"", "zero bytes"),
        "a path": (b"/etc/passwd", "not a picture"),
    }


@pytest.fixture(scope="module")
def tint(mixed: Path) -> Iterator[Client]:
    with served(mixed, limits=injerto.ServeLimits(pixels=20_000_000)) as client:
        yield client


@pytest.mark.parametrize("path", ["/predict", "/explain"])
def test_photos_that_are_none(tint: Client, path: str):
    for content, words in bombs().values():
        refused(tint.form(path, ("photo", "a.png", content), ("size", None, b"1")), 422, words)


@pytest.mark.parametrize(
    "text",
    [
        "/etc/passwd",
        "../../../etc/passwd",
        "file:///etc/passwd",
        "http://localhost/x.png",
        "s3://bucket/photo.png",
        "0 1 2 3",
        "photo.png",
        "%2e%2e/x",
        "~",
    ],
)
def test_no_text_is_a_path(tint: Client, text: str, photos: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[object] = []
    monkeypatch.setattr("injerto.places.stores._filesystem", asked.append)
    monkeypatch.chdir(photos / "red")  # where photo.png would be looked for
    (photos / "red" / "photo.png").write_bytes((photos / "red" / "00.png").read_bytes())
    for reply in (
        tint.rows({"photo": text, "size": 1}),
        tint.rows({"photo": {"path": text}, "size": 1}),
        tint.rows({"photo": [text], "size": 1}),
        tint.form("/predict", ("photo", None, text.encode()), ("size", None, b"1")),
        tint.form("/predict", ("photo", text, b"x"), ("size", None, b"1")),
    ):
        assert reply.status == 422
        assert "photo: not " in reply.told["detail"]
        assert "root:" not in reply.body.decode()
    (photos / "red" / "photo.png").unlink()
    assert not asked, "no address is opened for a request"


def test_more_than_the_line_holds_is_told_to_come_again(birds_model: Path):
    limits = injerto.ServeLimits(queue=2, collect_ms=60)
    rows = [ROW] * 2000
    with served(birds_model, limits=limits) as client, ThreadPoolExecutor(24) as pool:
        found = list(pool.map(lambda _: client.rows(*rows), range(48)))
    statuses = {reply.status for reply in found}
    assert statuses == {200, 503}
    late = next(reply for reply in found if reply.status == 503)
    refused(late, 503, "wait already")
    assert int(late.headers["retry-after"]) >= 1


def test_too_many_connections_are_told_to_come_again(birds_model: Path):
    with served(birds_model, limits=injerto.ServeLimits(connections=3)) as client, ExitStack() as stack:
        assert client.rows(ROW).status == 200
        for _ in range(3):
            kept = HTTPConnection("127.0.0.1", client.port, timeout=10)
            stack.callback(kept.close)
            kept.request("GET", "/health")
            assert kept.getresponse().read()  # and the connection stays open
        crowded = client.rows(ROW)
        refused(crowded, 503, "Too many connections are open")
        assert crowded.headers["retry-after"] == "1"
        assert crowded.headers["connection"] == "close"
        assert crowded.headers["x-content-type-options"] == "nosniff"
        kept.request("GET", "/metrics")  # those that were there are answered
        assert b'status="503"} 1' in kept.getresponse().read()
        stack.close()
        until(lambda: client.rows(ROW).status == 200, 10)


def test_a_failure_of_one_request_costs_no_other_its_answer(server: Client):
    assert json.loads(server.rows(ROW).body)["answers"][0]["species"] == "wren"
