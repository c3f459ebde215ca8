"""Whose a working folder is, and that nothing in it is taken up or removed without a word."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import injerto
from injerto.learning.resume import claim
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
