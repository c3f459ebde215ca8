import io
import re

import pytest
from rich.console import Console

from injerto.cli import watcher
from injerto.cli.console import print_json


def test_lines_say_what_was_done_and_stay_off_stdout(capsys: pytest.CaptureFixture[str]):
    progress = watcher.LineProgress()
    with progress.step("reading photos", 3) as step:
        step.advance(2)
        step.advance(note="loss 0.1")
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"reading photos: 3 of 3 in \d+\.\d s \(loss 0.1\)\n", said.err)


def test_work_that_fails_is_not_said_to_be_done(capsys: pytest.CaptureFixture[str]):
    def work() -> None:
        with watcher.LineProgress().step("reading", 3):
            raise ValueError

    with pytest.raises(ValueError):
        work()
    assert capsys.readouterr().err == ""


def test_long_work_speaks_on_the_way(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    clock = iter([0.0, 11.0, 11.0, 11.0, 12.0, 20.0])
    monkeypatch.setattr(watcher.time, "monotonic", lambda: next(clock))
    with watcher.LineProgress().step("predicting", None) as step:
        step.advance(5)
        step.advance(5)
    assert capsys.readouterr().err == "predicting: 5 in 11.0 s\npredicting: 10 in 20.0 s\n"


def test_bars_nest_and_leave_the_terminal_clean(monkeypatch: pytest.MonkeyPatch):
    screen = io.StringIO()
    monkeypatch.setattr(watcher, "errors", lambda: Console(file=screen, force_terminal=True, width=100, highlight=False))
    progress = watcher.BarProgress()
    with progress.step("training", 2) as outer, progress.step("epoch", None) as inner:
        inner.advance(4)
        outer.advance(note="[loss]")
        progress.say("[3/4] is not markup")
    assert progress.depth == 0
    assert progress.bars.tasks == []
    assert "[3/4] is not markup" in screen.getvalue()
    assert "training" in screen.getvalue()


def test_json_has_null_where_there_is_no_number(capsys: pytest.CaptureFixture[str]):
    print_json({"a": float("nan"), "b": [float("inf"), 1.5], "c": ("ü", None)})
    assert capsys.readouterr().out == '{\n "a": null,\n "b": [\n  null,\n  1.5\n ],\n "c": [\n  "ü",\n  null\n ]\n}\n'
