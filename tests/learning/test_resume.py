"""Whose a working folder is, and that nothing in it is taken up or removed without a word."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import injerto
from injerto.errors import TrainingError
from injerto.learning.resume import claim, leave
from injerto.progress import Progress, SilentStep, Step
from small import birds


class Heard(Progress):
    def __init__(self) -> None:
        self.sentences: list[str] = []

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        yield SilentStep()


def heard(work: Path | None, rows: int) -> list[str]:
    table, progress = injerto.Table.of(birds(rows)), Heard()
    claim(work, table, injerto.declare(table, injerto.Wishes(targets=["species"])), progress)
    return progress.sentences


def test_a_run_without_a_folder_and_a_first_run_say_nothing(tmp_path: Path) -> None:
    assert heard(None, 30) == []
    assert heard(tmp_path / "work", 30) == []
    assert heard(tmp_path / "work", 30) == []  # nothing was reached that could be gone on with


def test_the_same_command_says_that_it_goes_on(tmp_path: Path) -> None:
    heard(tmp_path / "work", 30)
    (tmp_path / "work" / "network.safetensors").write_bytes(b"x")
    assert heard(tmp_path / "work", 30) == ["Goes on where an earlier run of the same command was stopped."]
    assert (tmp_path / "work" / "network.safetensors").exists()


def test_another_command_says_what_it_removes(tmp_path: Path) -> None:
    heard(tmp_path / "work", 30)
    (tmp_path / "work" / "network.safetensors").write_bytes(b"x")
    assert heard(tmp_path / "work", 40) == [
        f"'{tmp_path / 'work'}' holds an unfinished run of other rows, options or versions; it is removed."
    ]
    assert [file.name for file in (tmp_path / "work").iterdir()] == ["run.json"]


def test_what_a_run_leaves_is_said(tmp_path: Path) -> None:
    work, progress = tmp_path / "work", Heard()
    (work / "anew").mkdir(parents=True)
    (work / "anew" / "network.safetensors").write_bytes(bytes(2_500_000))
    leave(work, progress)
    (said,) = progress.sentences
    assert said.startswith(f"What was learned so far is kept in '{work}' (2.5 MB). The same command goes on from there;")
    assert work.is_dir()


def test_a_run_that_came_to_nothing_leaves_nothing(tmp_path: Path) -> None:
    heard(tmp_path / "work", 30)
    progress = Heard()
    for work in (tmp_path / "work", tmp_path / "never", None):
        leave(work, progress)
    assert progress.sentences == []
    assert list(tmp_path.iterdir()) == []


def test_training_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    sides = ["train"] * 30 + ["tune"] * 6 + ["test"] * 4
    table = {"mass": [1.0, 2.0] * 20, "y": ["a"] * 38 + ["b"] * 2, "side": sides}
    with pytest.raises(TrainingError, match="at least two classes"):
        injerto.train(table, "y", split="side", out=tmp_path / "m")
    assert list(tmp_path.iterdir()) == []
