"""`injerto listen` as a person and as a script meet it: the same events as Python gives."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import injerto
from made_ears import listener, recording, write
from said import Call, caller


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch, "listen")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("ears")
    return listener(place / "clips").save(place / "tones.model")


@pytest.fixture
def field(tmp_path: Path) -> Path:
    write(tmp_path / "field" / "a.wav", recording(10.0, [(2.0, 4.0, "low"), (6.0, 8.0, "high")]))
    write(tmp_path / "field" / "b.wav", recording(6.0, [(1.0, 3.0, "low")]))
    return tmp_path / "field"


def test_events_counts_and_a_page(call: Call, model: Path, field: Path, tmp_path: Path) -> None:
    (field / "notes.txt").write_text("rain")
    out, page, scores = tmp_path / "out" / "events.csv", tmp_path / "events.html", tmp_path / "scores.parquet"
    said = call(model, field, "--out", out, "--page", page, "--scores", scores)
    assert said.code == 0, said.err
    lines = [[cell.strip() for cell in line.split("\u2502")] for line in said.out.splitlines() if "\u2502" in line]
    assert lines == [["low", "2", "2"], ["high", "1", "1"]]
    assert "listening, in seconds of sound: 16" in said.err
    assert "times as fast as it sounds" in said.err
    assert "Passed over, being no sounds: 1 file (1 .txt)." in said.err
    assert f"3 events in 0.00 hours of sound written to {out}." in said.err
    assert pl.read_parquet(scores).columns == ["recording", "start_s", "high", "low", "none"]
    assert page.read_text(encoding="utf-8").count("<article") == 3
    assert sorted(file.name for file in out.parent.iterdir()) == ["events.csv"], "no journal is left, and no empty ledger"


@pytest.mark.parametrize("format", ["csv", "raven", "audacity"])
def test_both_doors_give_the_same(call: Call, model: Path, field: Path, tmp_path: Path, format: str) -> None:
    out = tmp_path / {"csv": "events.csv", "raven": "events.txt", "audacity": "tracks"}[format]
    options = ["--threshold", 0.6, "--low", 0.2, "--gap", 1, "--shortest", 0.6, "--ignore", "high", "--json"]
    said = call(model, field, "--out", out, *options)
    assert said.code == 0, said.err
    rule = injerto.EventRule(threshold=0.6, low=0.2, gap_seconds=1, shortest_seconds=0.6, ignore=("high",))
    found = injerto.load(model).listen(field, rule)
    assert json.loads(said.out) == {**found.to_json(), "out": str(out)}
    other = tmp_path / "python" / out.name
    found.write(other, format)  # type: ignore[arg-type]
    files = [out] if out.is_file() else sorted(out.iterdir())
    assert [file.read_bytes() for file in files] == [
        (other if out.is_file() else other / file.name).read_bytes() for file in files
    ]
    assert found.to_json()["labels"] == {"low": 2}


def test_what_could_not_be_used_is_listed_with_its_own_code(call: Call, model: Path, field: Path, tmp_path: Path) -> None:
    (field / "empty.wav").write_bytes(b"")
    words = [model, field, "--out", tmp_path / "events.csv"]
    said = call(*words)
    assert said.code == 3
    assert f"1 recording of 3 could not be used; {tmp_path / 'events.problems.csv'} lists them:" in said.err
    assert f"  {field / 'empty.wav'}: zero bytes" in said.err
    assert pl.read_csv(tmp_path / "events.problems.csv")["recording"].to_list() == [str(field / "empty.wav")]
    (field / "empty.wav").unlink()
    assert call(*words, "--force").code == 0
    assert not (tmp_path / "events.problems.csv").exists()


def test_many_bad_files_are_counted_by_reason(call: Call, model: Path, field: Path, tmp_path: Path) -> None:
    for number in range(25):
        (field / f"c{number}.wav").write_bytes(b"")
    said = call(model, field, "--out", tmp_path / "events.csv", "--json")
    assert "  and 5 more. By reason:\n  25 x " in said.err
    told = json.loads(said.out)
    assert (told["unused"], told["recordings"], told["problems"]) == (25, 2, str(tmp_path / "events.problems.csv"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no.wav"], "There is no file or folder at 'no.wav'."),
        (["empty"], "There are no recordings in 'empty'. Found: nothing at all. Sounds end in"),
        (["field", "--threshold", "1.5"], "threshold must be more than 0 and at most 1, found 1.5"),
        (["field", "--threshold", "0.5", "--low", "0.7"], "low must be more than 0 and at most the threshold, 0.5; found 0.7"),
        (["field", "--gap", "-1"], "gap must be 0 seconds or more, found -1.0"),
        (["field", "--ignore", "lwo"], "'lwo', is none of the model's. Did you mean 'low'? Its classes: high, low, none."),
        (["field", "--out", "field"], "The folder 'field' exists already. Give another name, or --force to write into it"),
        (
            ["field", "--out", "events.xlsx"],
            "'events.xlsx' ends in '.xlsx'; the format is chosen by it. Use .csv, .txt",
        ),
        (["field", "--out", "field/a.wav/events.csv"], "is a file, not a folder"),
        (["field", "--out", "there.csv"], "'there.csv' exists already. Give another name, or --force to replace it."),
        (["field", "--page", "page.pdf"], "Use one of: .html"),
        (["field", "--scores", "scores.csv"], "Use one of: .parquet"),
    ],
)
def test_mistakes_are_one_message_before_the_work(
    call: Call, model: Path, field: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(field.parent)
    Path("empty").mkdir()
    Path("there.csv").write_text("kept")
    said = call(model, *words, *([] if "--out" in words else ["--out", "new/events.csv"]))
    assert (said.code, said.out) == (1, "")
    assert message in said.err
    assert Path("there.csv").read_text() == "kept"
    assert not Path("new").exists()


def test_files_of_a_run_that_was_stopped_while_writing_them_are_its_own(
    call: Call, model: Path, field: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [model, field, "--out", tmp_path / "events.csv", "--page", tmp_path / "events.html"]

    def stopped(self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("injerto.listening.found.Events.close", stopped)
    assert call(*words).code == 130
    assert (tmp_path / "events.csv").exists()
    monkeypatch.undo()
    said = call(*words)
    assert said.code == 0, said.err
    assert "2 recordings are done" in said.err
    assert "exists already" in call(*words).err


def test_no_recordings_at_all_is_a_wrong_use(call: Call, model: Path, tmp_path: Path) -> None:
    assert call(model, "--out", tmp_path / "events.csv").code == 2


def test_a_format_that_is_said_wins_over_the_ending(call: Call, model: Path, field: Path, tmp_path: Path) -> None:
    assert call(model, field, "--out", tmp_path / "events.raven", "--format", "raven").code == 0
    assert (tmp_path / "events.raven").read_text().startswith("Selection\tView\t")
