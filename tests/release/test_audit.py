"""The audit is red for a known weakness, and never green for packages that nobody was asked about."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import audit
import pytest

ROOT = Path(__file__).parents[2]


def report(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


FINE = {"name": "numpy", "version": "2.4.6", "vulns": []}
WEAK = {"name": "pillow", "version": "9.0.0", "vulns": [{"id": "PYSEC-2022-10", "fix_versions": ["9.0.1"], "aliases": []}]}
SKIPPED = {"name": "torch", "skip_reason": "Dependency not found on PyPI and could not be audited: torch (2.13.0)"}


def test_what_a_report_says() -> None:
    assert audit.read("pypi", report(FINE), "").code == audit.FINE
    weak = audit.read("pypi", report(FINE, WEAK, SKIPPED), "")
    assert weak.code == audit.WEAK
    assert weak.lines()[0] == "pillow 9.0.0: PYSEC-2022-10 (fixed in 9.0.1)"
    assert weak.lines()[-1].startswith("2 packages asked about at pypi: 1 with a known weakness")


@pytest.mark.parametrize(
    ("text", "said"), [(report(FINE, SKIPPED), "torch"), (report(), ""), ("", "ConnectionError: no route")]
)
def test_what_was_not_asked_is_not_fine(text: str, said: str) -> None:
    """pip-audit itself exits with 0 for a package that was skipped."""
    found = audit.read("pypi", text, said)
    assert found.code == audit.UNASKED
    assert said in "".join(found.lines())


class Advisories(BaseHTTPRequestHandler):
    """An OSV service that knows one weakness, of pillow."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fixed = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}
        affected = [{"package": {"name": "pillow", "ecosystem": "PyPI"}, "ranges": [fixed]}]
        known = {"id": "PYSEC-2099-1", "summary": "told", "details": "told", "affected": affected}
        told = json.dumps({"vulns": [known]} if asked["package"]["name"] == "pillow" else {}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *words: object) -> None:
        """Not to the screen."""


@pytest.fixture
def service() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Advisories) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


def run(tmp_path: Path, pins: str, *options: str) -> tuple[int, str]:
    (tmp_path / "pins.txt").write_text(pins)
    command = [sys.executable, str(ROOT / "release" / "audit.py"), str(tmp_path / "pins.txt"), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout


@pytest.mark.slow
def test_the_program_from_end_to_end(service: str, tmp_path: Path) -> None:
    assert run(tmp_path, "numpy==2.4.6\n", "--osv-url", service) == (
        0,
        "1 packages asked about at osv: 0 with a known weakness.\n",
    )
    code, said = run(tmp_path, "numpy==2.4.6\npillow==13.0.0\n", "--osv-url", service, "--may-be-offline")
    assert code == audit.WEAK
    assert "pillow 13.0.0: PYSEC-2099-1 (fixed in 99.1)" in said
    nobody = "http://127.0.0.1:9/v1/query"
    code, said = run(tmp_path, "numpy==2.4.6\n", "--osv-url", nobody)
    assert code == audit.UNASKED
    assert said.startswith("AUDIT NOT DONE: the advisories of osv cannot be reached")
    assert run(tmp_path, "numpy==2.4.6\n", "--osv-url", nobody, "--may-be-offline")[0] == 0


def test_tests_and_releases_ask() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8")
    test, release = (lines.split(f"\n{target}:")[1].split("\n\n")[0] for target in ("test", "release"))
    assert "release/audit.py --may-be-offline constraints.txt" in test
    assert release.split("\n")[0].split() == ["audit", "sbom"]
