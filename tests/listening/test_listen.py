"""Recordings in, events out: what was put into them is found, whatever else lies in the folder."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import soundfile

import injerto
from injerto.errors import ListeningError, OutputError
from injerto.listening import found as found_module
from injerto.listening import hearer as hearer_module
from injerto.progress import Silent, Step
from injerto.table.annotations.read import read_annotations
from made_ears import listener, recording, write
from made_media import tone
from small import birds

CALLS = {
    "a.wav": [(2.0, 4.0, "low"), (6.0, 7.0, "high"), (15.0, 16.0, "high")],
    "sub/b.wav": [(3.0, 5.0, "low")],
    "sub/quiet.wav": [],
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> injerto.Model:
    return listener(tmp_path_factory.mktemp("clips"))


@pytest.fixture
def field(tmp_path: Path) -> Path:
    for name, calls in CALLS.items():
        write(tmp_path / "field" / name, recording(18.0, calls))
    return tmp_path / "field"


def test_what_was_put_in_is_heard(model: injerto.Model, field: Path) -> None:
    found = model.listen(field)
    heard = {heard.inner: [(one.label, one.start_s, one.end_s) for one in heard.events] for heard in found}
    assert list(heard) == ["a.wav", "sub/b.wav", "sub/quiet.wav"]
    for name, calls in CALLS.items():
        assert [label for label, _, _ in heard[name]] == [label for _, _, label in calls]
        for (_, start_s, end_s), (true_start_s, true_end_s, _) in zip(heard[name], calls, strict=True):
            assert start_s == pytest.approx(true_start_s, abs=0.5)
            assert end_s == pytest.approx(true_end_s, abs=0.5)
    assert found.to_json()["labels"] == {"low": 2, "high": 2}
    assert found.tally.seconds == 54.0
    frame = found.frame()
    assert frame.columns == ["recording", "start_s", "end_s", "label", "score", "mean_score"]
    assert (frame["score"] >= frame["mean_score"]).all()
    assert frame["recording"][0] == (field / "a.wav").as_posix()


def test_programs_read_what_is_written(model: injerto.Model, field: Path, tmp_path: Path) -> None:
    found = model.listen(field, keep_shares=True)
    found.to_csv(tmp_path / "events.csv")
    found.to_raven(tmp_path / "events.txt")
    assert found.to_audacity(tmp_path / "tracks") == 2
    assert pl.read_csv(tmp_path / "events.csv").equals(found.frame())
    expected = [(one.label, one.start_s, one.end_s) for heard in found for one in heard.events]
    for name in ("events.csv", "events.txt"):
        lines = [line.selection for line in read_annotations(tmp_path / name).lines]
        assert [(one.label, round(one.start_s, 6), round(one.end_s, 6)) for one in lines if one] == expected
    raven = pl.read_csv(tmp_path / "events.txt", separator="\t")
    assert raven["Begin Time (s)"].to_list()[-1] == pytest.approx(18.0 + found.frame()["start_s"][-1])
    assert sorted(file.relative_to(tmp_path / "tracks").as_posix() for file in (tmp_path / "tracks").rglob("*.txt")) == [
        "a.txt",
        "sub/b.txt",
    ]
    assert len(read_annotations(tmp_path / "tracks" / "a.txt").lines) == 3
    found.to_scores(tmp_path / "scores.parquet")
    shares = pl.read_parquet(tmp_path / "scores.parquet")
    assert shares.columns == ["recording", "start_s", "high", "low", "none"]
    assert len(shares) == 3 * round(18 / found.step_s)
    assert shares.select(pl.sum_horizontal("high", "low", "none")).to_series().is_between(0.999, 1.001).all()


def test_scores_in_parts_are_the_same(
    model: injerto.Model, field: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = model.listen(field, keep_shares=True)
    found.to_scores(tmp_path / "whole.parquet")
    monkeypatch.setattr("injerto.listening.scores.PART_ROWS", 50)
    found.to_scores(tmp_path / "parts.parquet")
    assert pl.read_parquet(tmp_path / "whole.parquet").equals(pl.read_parquet(tmp_path / "parts.parquet"))


def test_shares_that_were_not_kept_cannot_be_written(model: injerto.Model, field: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="listen with keep_shares=True"):
        model.listen(field / "a.wav").to_scores(tmp_path / "scores.parquet")


def test_one_bad_file_is_listed_and_the_rest_go_on(model: injerto.Model, field: Path, tmp_path: Path) -> None:
    (field / "empty.wav").write_bytes(b"")
    (field / "film.mp4").write_bytes(b"\0\0\0\x18ftypisom" + b"\0" * 100)
    (field / "notes.txt").write_text("rain")
    (field / ".hidden.wav").write_bytes(b"")
    soundfile.write(field / "nan.wav", np.full(8000, np.nan, dtype=np.float32), 8000, subtype="FLOAT")
    write(field / "short.wav", recording(0.003, []))
    write(field / "silent.wav", np.zeros(16_000, dtype=np.float32))
    found = model.listen([field, field / "film.mp4", field / "a.wav"])
    problems = dict(found.problems().iter_rows())
    assert {Path(name).name for name in problems} == {"empty.wav", "nan.wav"}
    assert found.tally.others == {".txt": 1, ".mp4": 1}
    assert found.tally.hidden == 1
    assert len(found) >= 4
    found = model.listen([field / "film.mp4", field / "a.wav"])
    assert "it is an MP4 video" in found.problems()["reason"][0]
    found.to_problems(tmp_path / "problems.csv")
    assert pl.read_csv(tmp_path / "problems.csv").equals(found.problems())


def test_no_events_are_tables_without_lines(model: injerto.Model, field: Path, tmp_path: Path) -> None:
    found = model.listen(field / "sub/quiet.wav", keep_shares=True)
    assert (len(found), len(found.frame())) == (0, 0)
    found.to_csv(tmp_path / "events.csv")
    assert (tmp_path / "events.csv").read_text() == "recording,start_s,end_s,label,score,mean_score\n"
    assert found.to_audacity(tmp_path / "tracks") == 0
    assert "Nothing was heard" in model.listening_page(found)


def test_tracks_of_one_name_stand_beside_each_other(model: injerto.Model, field: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other" / "a.wav", recording(6.0, [(1, 3, "low")]))
    tracks = tmp_path / "tracks"
    tracks.mkdir()
    (tracks / "mine.txt").write_text("kept")
    model.listen([field / "a.wav", other]).to_audacity(tracks)
    assert sorted(file.name for file in tracks.iterdir()) == ["a-2.txt", "a.txt", "mine.txt"]
    assert (tracks / "mine.txt").read_text() == "kept"


@pytest.mark.slow
def test_a_killed_run_goes_on_and_nothing_shows_it(model: injerto.Model, field: Path, tmp_path: Path) -> None:
    for number in range(6):
        write(field / f"m{number}.wav", recording(8.0, [(2.0, 4.0, "low")], seed=number))
    (field / "broken.wav").write_bytes(b"no sound")
    place = tmp_path / "tones.model"
    model.save(place)
    command = [sys.executable, "-m", "injerto", "listen", str(place), str(field), "--scores"]
    whole = [*command, str(tmp_path / "whole.parquet"), "--out", str(tmp_path / "whole.csv")]
    assert subprocess.run(whole, capture_output=True, check=False).returncode == 3
    torn = [*command, str(tmp_path / "torn.parquet"), "--out", str(tmp_path / "torn.csv")]
    lines = tmp_path / ".torn.csv.unfinished" / "heard.jsonl"
    process = subprocess.Popen(torn, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not (lines.exists() and lines.read_bytes().count(b"\n") >= 3):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "torn.csv").exists()
    with lines.open("ab") as file:
        file.write(b'{"recording": "cut in the mid')
    done = lines.read_bytes().count(b"\n")
    again = subprocess.run(torn, capture_output=True, check=False, text=True)
    assert again.returncode == 3, again.stderr
    assert f"Goes on where an earlier run of the same command was stopped: {done} recordings are done." in again.stderr
    assert not lines.parent.exists()
    for one, other in (("whole.csv", "torn.csv"), ("whole.problems.csv", "torn.problems.csv")):
        assert (tmp_path / one).read_bytes() == (tmp_path / other).read_bytes()
    assert pl.read_parquet(tmp_path / "whole.parquet").equals(pl.read_parquet(tmp_path / "torn.parquet"))


class Spoken(injerto.Progress):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def step(self, name: str, total: int | None) -> AbstractContextManager[Step]:
        return Silent().step(name, total)


def test_another_rule_starts_anew_and_says_so(model: injerto.Model, field: Path, tmp_path: Path) -> None:
    work, spoken = tmp_path / ".work", Spoken()
    model.listen(field, work=work, progress=spoken)
    assert spoken.said == []
    model.listen(field, work=work, progress=spoken)
    assert spoken.said == ["Goes on where an earlier run of the same command was stopped: 3 recordings are done."]
    found = model.listen(field, injerto.EventRule(threshold=0.6), work=work, progress=spoken)
    assert spoken.said[1:] == [f"'{work}' holds an unfinished listening of another model, options or list; it starts anew."]
    found.close()
    assert not work.exists()


def test_a_recording_that_changed_is_heard_again_and_a_new_one_too(
    model: injerto.Model, field: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / ".work"
    model.listen(field, work=work)
    write(field / "a.wav", recording(9.0, [(2.0, 4.0, "high")]))
    write(field / "aa.wav", recording(9.0, [(2.0, 4.0, "low")]))
    (field / "sub" / "quiet.wav").unlink()
    heard: list[str] = []
    plain = hearer_module.hear
    monkeypatch.setattr(
        hearer_module,
        "hear",
        lambda timeline, rule, source, *rest: (heard.append(source.inner), plain(timeline, rule, source, *rest))[1],
    )
    found = model.listen(field, work=work)
    assert heard == ["a.wav", "aa.wav"]
    assert [one.inner for one in found] == ["a.wav", "aa.wav", "sub/b.wav"]
    assert found.frame().equals(model.listen(field).frame())


def test_a_working_folder_that_cannot_be_used(model: injerto.Model, field: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot be used: .* Choose another place for --out"):
        model.listen(field, work=tmp_path / "file" / "work")


def test_a_model_that_cannot_listen_is_refused(tmp_path: Path, model: injerto.Model, field: Path) -> None:
    plain = injerto.train(birds(60), "species", budget_seconds=1)
    with pytest.raises(ListeningError, match=r"The model has no column of sounds.*it reads 'mass_g' \(number\)"):
        plain.listen(field)
    with pytest.raises(ListeningError, match=r"'hihg', is none of the model's. Did you mean 'high'"):
        model.listen(field, injerto.EventRule(ignore=("hihg",)))


def test_an_ignored_class_makes_no_events(model: injerto.Model, field: Path) -> None:
    found = model.listen(field, injerto.EventRule(ignore=("low",)))
    assert set(found.frame()["label"]) == {"high"}


def test_reasons_are_counted_within_bounds() -> None:
    tally = found_module.Tally()
    for number in range(3000):
        tally.add(found_module.Heard(f"{number}.wav", "", (0, 0), problem=f"reason {number}"))
    assert (tally.unused, len(tally.reasons)) == (3000, 1001)


def test_the_page_holds_pictures_and_sounds_and_nothing_from_outside(model: injerto.Model, field: Path, tmp_path: Path) -> None:
    ugly = write(field / "<b>&'\".wav", tone(3.0, 8000, 500.0))
    page = model.listening_page(model.listen([field, ugly]))
    assert page.count('<article class="scene"') >= 3
    assert page.count("data:image/png;base64,") == page.count("data:audio/mpeg;base64,") >= 3
    assert "<b>&'" not in page
    assert "http" not in page.split("<script>")[0]


def test_json_lines_come_back_as_they_were(model: injerto.Model, field: Path) -> None:
    for heard in model.listen(field):
        assert found_module.Heard.of_line(heard.to_line()) == heard
    with pytest.raises(ValueError, match="not a line of a journal"):
        found_module.Heard.of_line(json.dumps({"recording": 1}))
