import json
import math

import pytest

from injerto.cli import json_watcher
from injerto.cli.json_watcher import JsonProgress
from injerto.cli.watcher import LineProgress, watcher


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    said = capsys.readouterr()
    assert said.out == ""
    return [json.loads(line) for line in said.err.splitlines()]


def test_everything_is_a_line(capsys: pytest.CaptureFixture[str]):
    progress = JsonProgress()
    progress.say("90 rows\nü")
    with progress.step("training", 4) as step:
        step.advance(2, "loss 1")
        step.judged(0, 0.5, None)
        step.judged(1, math.nan, 0.25)
        step.advance()
    assert lines(capsys) == [
        {"said": "90 rows\nü"},
        {"step": 1, "name": "training", "total": 4},
        {"step": 1, "epoch": 0, "train_loss": 0.5, "tune_loss": None},
        {"step": 1, "epoch": 1, "train_loss": None, "tune_loss": 0.25},
        {"step": 1, "done": 3, "note": "loss 1"},
        {"step": 1, "ended": True},
    ]


def test_a_few_lines_a_second(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    clock = iter([0.0, 0.1, 0.3, 0.3, 0.4, 9.0])
    monkeypatch.setattr(json_watcher.time, "monotonic", lambda: next(clock))
    with JsonProgress().step("reading", None) as step:
        for _ in range(3):
            step.advance()
    assert [line["done"] for line in lines(capsys) if "done" in line] == [2, 3]


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INJERTO_PROGRESS", "json")
    assert isinstance(watcher(), JsonProgress)
    monkeypatch.setenv("INJERTO_PROGRESS", "other")
    assert isinstance(watcher(), LineProgress)
