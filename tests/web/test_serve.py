"""The server as a process: it says where it is, answers at once, counts, and ends when what it was asked is answered."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from serving import Client, Reply, served
from test_refusals import ROW, refused

import injerto


@contextmanager
def process(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], Client]]:
    command = [sys.executable, "-m", "injerto", "serve", str(folder), "--port", "0", *options]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "200"})
    assert running.stderr is not None
    try:
        line = running.stderr.readline()
        found = re.search(r"at http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        yield running, Client(int(found[1]))
    finally:
        running.kill()
        running.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_requests_under_way_are_answered(birds_model: Path, sign: signal.Signals):
    with process(birds_model) as (running, client):
        assert client.rows(ROW).status == 200
        replies: list[Reply] = []
        asking = threading.Thread(target=lambda: replies.append(client.rows(*[ROW] * 8000)))
        asking.start()
        time.sleep(0.15)
        running.send_signal(sign)
        asking.join(30)
        assert running.wait(30) == 0
        assert [reply.status for reply in replies] == [200]
        assert len(replies[0].told["answers"]) == 8000
        with pytest.raises(OSError):
            client.get("/health")


@pytest.mark.slow
def test_mistakes_leave_with_a_message(birds_model: Path, server: Client, tmp_path: Path):
    def said(*options: str) -> str:
        command = [sys.executable, "-m", "injerto", "serve", *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        return done.stderr

    assert "cannot be had: Address already in use" in said(str(birds_model), "--port", str(server.port))


def test_help_loads_neither_the_server_nor_torch():
    code = "import sys, injerto.cli.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "starlette", "uvicorn"} & set(loaded)


def test_a_folder_of_models(birds_model: Path, tmp_path: Path):
    (tmp_path / "a bird").symlink_to(birds_model)
    (tmp_path / "other").symlink_to(birds_model)
    (tmp_path / "notes").mkdir()
    with served(tmp_path) as client:
        assert [one["name"] for one in client.get("/models").told["models"]] == ["a bird", "other"]
        one = client.rows(ROW, path="/models/a%20bird/predict")
        assert one.status == 200
        assert one.told["model"] == "a bird"
        assert one.told["answers"] == client.rows(ROW, path="/models/other/predict").told["answers"]
        refused(client.rows(ROW), 404, "/models/NAME: a bird, other")
        assert "/models/a%20bird/predict" in client.get("/openapi.json").told["paths"]
        assert client.get("/models/other").told["fields"][0]["name"] == "mass_g"


def test_counts(birds_model: Path):
    with served(birds_model) as client:
        for _ in range(3):
            client.rows(ROW, ROW)
        client.rows({})
        text = client.get("/metrics")
    assert text.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = dict(line.rsplit(" ", 1) for line in text.body.decode().splitlines() if not line.startswith("#"))
    assert lines['injerto_requests_total{route="predict",status="200"}'] == "3"
    assert lines['injerto_requests_total{route="predict",status="422"}'] == "1"
    assert lines['injerto_request_seconds_bucket{route="predict",le="+Inf"}'] == "4"
    assert lines['injerto_lane_rows_total{lane="answers"}'] == "6"
    assert lines["injerto_held_bytes"] == "0"
    assert lines["injerto_requests_active"] == "1"


def test_a_served_model_answers_as_before_when_it_is_loaded_anew(birds_model: Path):
    """What serving keeps of a network is kept with that network alone."""
    before = injerto.load(birds_model).predict({"mass_g": [10], "hour": ["day"], "seen": ["2024-01-05"]}).answers
    with served(birds_model) as client:
        client.rows(ROW)
    after = injerto.load(birds_model).predict({"mass_g": [10], "hour": ["day"], "seen": ["2024-01-05"]}).answers
    assert before.equals(after)
