"""`injerto clips` as a person and as a script meet it: the same table as Python gives."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import polars as pl
import pytest

import injerto
from made_media import sound, tone
from said import Call, caller

TRACK = "1.0\t2.0\twren\n10.0\t11.0\tjay\n20.5\t20.5\twren\n"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """Three recordings of half a minute, each with a label track, and one that nobody listened to."""
    for name in ("a", "b", "c", "nobody"):
        (tmp_path / f"{name}.wav").write_bytes(sound(tone(30.0, rate_hz=1000, frequency_hz=100), 1000))
        if name != "nobody":
            (tmp_path / f"{name}.txt").write_text(TRACK)
    return tmp_path


def test_a_table_counts_and_the_next_command(call: Call, field: Path) -> None:
    out = field / "clips.csv"
    said = call("clips", field, "--recordings", field, "--out", out)
    assert said.code == 0
    assert [line.split("\u2502")[1].strip() for line in said.out.splitlines() if "\u2502" in line] == ["6", "3", "9"]
    assert "Recordings without annotations, which were not used (1):\n  nobody.wav" in said.err
    assert f"18 clips written to {out}. Next:\n" in said.err
    assert pl.read_csv(out).columns == ["recording", "start_s", "end_s", "label", "source"]


def test_the_next_command_is_one_that_the_next_verb_takes(call: Call, field: Path) -> None:
    said = call("clips", field, "--recordings", field, "--out", field / "clips.csv", "--json")
    words = shlex.split(json.loads(said.out)["next"])
    assert words[:2] == ["injerto", "train"]
    checked = call("check", *words[2 : words.index("--out")], "--json")
    report = json.loads(checked.out)
    assert report["ready"], checked.err
    roles = {column["name"]: column["kind"] or column["role"] for column in report["columns"]}
    assert (roles["recording"], roles["label"], roles["source"]) == ("sound", "class", "dropped")


def test_both_doors_give_the_same_table(call: Call, field: Path) -> None:
    out = field / "out" / "clips.parquet"
    options = ["--seconds", 2, "--hop", 1, "--overlap", 0.4, "--negatives", 0.5, "--none-label", "quiet", "--seed", 3]
    said = call("clips", field, "--recordings", field, "--out", out, *options, "--json")
    rule = injerto.ClipRule(seconds=2, hop_seconds=1, overlap=0.4, negatives=0.5, none_label="quiet", seed=3)
    found = injerto.clips(field, field, rule, folder=out.parent)
    assert pl.read_parquet(out).equals(found.frame)
    told = json.loads(said.out)
    assert {name: told[name] for name in found.to_json()} == found.to_json()
    assert "quiet" in set(found.frame["label"])


def test_running_again_with_force_gives_the_same_and_reads_no_clips_as_selections(call: Call, field: Path) -> None:
    words = ["clips", field, "--recordings", field, "--out", field / "clips.csv"]
    call(*words)
    before = (field / "clips.csv").read_bytes()
    refused = call(*words)
    assert refused.code == 1
    assert "exists already. Give another name, or --force to replace it" in refused.err
    assert call(*words, "--force").code == 0
    assert (field / "clips.csv").read_bytes() == before


def test_what_could_not_be_used_is_listed_with_its_own_code(call: Call, field: Path) -> None:
    (field / "a.txt").write_text("1\t2\twren\n3\tsoon\twren\n40\t41\twren\n7\t8\tjay\n")
    (field / "gone.txt").write_text("1\t2\twren\n")
    said = call("clips", field, "--recordings", field, "--out", field / "clips.csv")
    assert said.code == 3
    assert "Lines and files that could not be used (3):\n  a.txt, line 2: the end is no number of seconds: 'soon'\n" in said.err
    assert "  a.txt, line 3: ends at 41 s, but a.wav lasts 30.00 s\n" in said.err
    assert "  gone.txt: no recording 'gone' below" in said.err


def test_fewer_silent_windows_than_asked_for_and_lost_selections_are_said(call: Call, field: Path) -> None:
    words = ["clips", field, "--recordings", field, "--out", field / "clips.csv", "--negatives", 50, "--overlap", 0.9]
    (field / "b.txt").write_text("2.5\t3.5\twren\n")
    said = call(*words)
    assert "Note: 1 selection in no clip: no window holds enough. A lower --overlap keeps more." in said.err
    assert "Note: 300 clips without a selection were asked for, and 22 found." in said.err
    assert "Left out as ambiguous: 2 windows" in said.err


def test_several_labels_are_a_target_of_their_kind(call: Call, field: Path) -> None:
    (field / "b.txt").write_text("1\t2\twren\n1\t2\tjay\n")
    said = call("clips", field, "--recordings", field, "--out", field / "clips.csv")
    assert "--target label:classes --input recording:sound" in said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no", "--recordings", "."], "Error: There are no annotations at no."),
        ([".", "--recordings", "no"], "Error: The folder of recordings no cannot be searched: it does not exist."),
        ([".", "--recordings", ".", "--overlap", "2"], "overlap must be more than 0 and at most 1, found 2.0"),
        (["a.txt", "--recordings", ".", "--none-label", ";"], "none_label must be a word without ';'"),
    ],
)
def test_mistakes(call: Call, field: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str) -> None:
    monkeypatch.chdir(field)
    said = call("clips", *words, "--out", "clips.csv")
    assert (said.code, said.out) == (1, "")
    assert message in said.err
    assert not (field / "clips.csv").exists()


def test_an_ending_that_is_no_table(call: Call, field: Path) -> None:
    said = call("clips", field, "--recordings", field, "--out", field / "clips.xlsx")
    assert said.code == 1
    assert "Use one of: .csv, .tsv, .parquet" in said.err
