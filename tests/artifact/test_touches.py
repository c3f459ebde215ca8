"""Looks at test rows: counted by everybody who looks, told, and never in the way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import injerto
from injerto.artifact import touches
from injerto.artifact.look import Look
from injerto.artifact.touches import FILE, append, read
from injerto.model import Model
from said import Call, caller
from small import birds

TABLE = birds(120)


@pytest.fixture(scope="module")
def model() -> Model:
    return injerto.train(TABLE, "species", seed=3, budget_seconds=2)


@pytest.fixture
def saved(model: Model, tmp_path: Path) -> Path:
    model.artifact.looks = model.artifact.looks[:1]
    path = model.save(tmp_path / "birds.model")
    TABLE[model.artifact.rows.test].write_csv(tmp_path / "test.csv")
    birds(90, seed=77).write_csv(tmp_path / "new.csv")
    return path


def test_training_looks_first(model: Model, saved: Path) -> None:
    looks = read(saved)
    assert len(looks) == 1 and looks[0].by == "train" and looks[0].rows == looks[0].of == len(model.artifact.rows.test)


def test_each_look_at_test_rows_counts_in_the_folder_and_is_told(saved: Path) -> None:
    test = saved.parent / "test.csv"
    first = injerto.load(saved).evaluate(test)
    assert first.looks is not None and first.looks.times == 2
    assert first.notes[0].startswith(
        "24 of the model's 24 test rows are in this table. The test rows have been looked at 2 times"
    )
    assert first.to_json()["looks"] == {"test_rows": 24, "of": 24, "times": 2}
    again = injerto.load(saved)
    assert again.evaluate(test).looks.times == 3
    assert again.evaluate(pl.read_csv(test).reverse()).looks.times == 4  # another order, no file
    assert [one.by for one in read(saved)] == ["train", "evaluate", "evaluate", "evaluate"]


def test_other_rows_do_not_count(saved: Path) -> None:
    found = injerto.load(saved).evaluate(saved.parent / "new.csv")
    assert found.looks is None and "looks" not in found.to_json()
    assert len(read(saved)) == 1


def test_rows_that_taught_are_known_in_another_file(saved: Path) -> None:
    part = TABLE[injerto.load(saved).artifact.rows.train][:30].with_columns(extra=pl.lit(1))
    notes = injerto.load(saved).evaluate(part).notes
    assert any(note.startswith("30 of these 30 rows taught the model or chose its settings") for note in notes)


def test_a_comparison_looks_at_both(model: Model, saved: Path) -> None:
    other = model.save(saved.parent / "other.model")
    found = injerto.load(saved).compare(injerto.load(other), saved.parent / "test.csv")
    assert [note[:2] for note in found.notes if "have been looked at 2 times" in note] == ["A:", "B:"]
    assert [one.by for one in read(other)] == ["train", "compare"]


def test_a_folder_that_cannot_be_written_is_told_and_no_mistake(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, looks: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(touches, "append", refuse)
    trained = injerto.load(saved)
    found = trained.evaluate(saved.parent / "test.csv")
    assert found.looks is not None and found.looks.times == 2
    assert "This look is not counted for the next" in found.notes[0] and "(Permission denied)" in found.notes[0]
    assert trained.evaluate(saved.parent / "test.csv").looks.times == 3  # in this process it is


def test_what_stands_in_the_way_of_the_file_is_told(saved: Path) -> None:
    (saved / FILE).unlink()
    (saved / FILE).mkdir()
    assert "This look is not counted for the next" in injerto.load(saved).evaluate(saved.parent / "test.csv").notes[0]


def test_the_seal_holds_after_a_look_and_a_lost_file_is_no_damage(saved: Path) -> None:
    injerto.load(saved).evaluate(saved.parent / "test.csv")
    (saved / FILE).write_text((saved / FILE).read_text() + "{half a li")
    assert len(injerto.load(saved).artifact.looks) == 3  # somebody looked
    (saved / FILE).unlink()
    assert injerto.load(saved).artifact.looks == []


def test_looks_go_with_a_copy_and_count_apart(saved: Path, tmp_path: Path) -> None:
    trained = injerto.load(saved)
    trained.evaluate(saved.parent / "test.csv")
    copy = trained.save(tmp_path / "copy.model")
    trained.evaluate(saved.parent / "test.csv")
    assert (len(read(saved)), len(read(copy))) == (2, 3)


def test_processes_that_look_at_once_all_count(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from injerto.artifact.look import Look; "
        "from injerto.artifact.touches import append; "
        "[append(Path(sys.argv[1]), [Look('now', sys.argv[2], 'a table' * 20, 1, 1)]) for _ in range(200)]"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), f"process {n}"]) for n in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    found = read(tmp_path)
    assert len(found) == 600
    assert {one.by for one in found} == {"process 0", "process 1", "process 2"}


def test_a_look_reads_back_as_it_was(tmp_path: Path) -> None:
    one = Look("2026-01-01T00:00:00+00:00", "evaluate", "Vögel", 3, 9)
    append(tmp_path, [one])
    assert read(tmp_path) == [one]


def test_the_command_says_it(saved: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    said: Call = caller(capsys, monkeypatch, "evaluate")
    assert "looked at 2 times" in said(saved, saved.parent / "test.csv").err
    answer = said(saved, saved.parent / "test.csv", "--json")
    assert answer.code == 0 and '"times": 3' in answer.out
