"""Sounds through the front door: clips of recordings are learned and answered, every bad file is listed and costs its row."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from injerto.cli.app import run
from made_media import sound, tone
from said import Call, caller

RATE_HZ = 16_000
CLIPS_EACH = 6
RECORDINGS = 6
ASKED = ("--target", "species", "--json")


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings in which a wren (high) and a jay (low) take turns every half second."""
    place = tmp_path_factory.mktemp("recordings")
    random = np.random.default_rng(0)
    for number in range(RECORDINGS):
        turns = [tone(0.5, RATE_HZ, (3000.0, 500.0)[turn % 2] + 20 * number) for turn in range(CLIPS_EACH)]
        samples = np.concatenate(turns) + random.normal(0, 0.02, len(turns) * RATE_HZ // 2).astype(np.float32)
        (place / f"{number}.flac").write_bytes(sound(samples, RATE_HZ, "FLAC"))
    return place


def clips() -> dict[str, list[Any]]:
    rows = [(number, turn) for number in range(RECORDINGS) for turn in range(CLIPS_EACH)]
    return {
        "recording": [f"{number}.flac" for number, _ in rows],
        "start_s": [turn / 2 for _, turn in rows],
        "end_s": [turn / 2 + 0.5 if turn + 1 < CLIPS_EACH else None for _, turn in rows],
        "species": [("wren", "jay")[turn % 2] for _, turn in rows],
    }


def table(folder: Path, columns: dict[str, list[Any]], name: str = "clips.csv", separator: str = ",") -> Path:
    pl.DataFrame(columns, strict=False).write_csv(folder / name, separator=separator, decimal_comma=separator == ";")
    return folder / name


@pytest.fixture(scope="module")
def model(folder: Path) -> Path:
    words = ["train", table(folder, clips()), "--target", "species", "--group", "recording", "--mode", "probe"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["injerto", *map(str, words), "--out", str(folder / "birds.model")])
        with pytest.raises(SystemExit) as stop:
            run()
    assert not stop.value.code
    return folder / "birds.model"


def test_clips_are_found_and_said(injerto: Call, folder: Path) -> None:
    said = injerto("check", table(folder, clips(), "again.csv"), "--target", "species", "--json")
    found = json.loads(said.out)
    roles = {column["name"]: (column["role"], column["kind"]) for column in found["columns"]}
    assert roles["recording"] == ("input", "sound")
    assert roles["start_s"] == roles["end_s"] == ("dropped", "")
    assert any("give 'recording' as the group of the split" in problem["message"] for problem in found["problems"])
    assert said.code == 0


def test_clips_are_learned_and_answered_with_their_times(injerto: Call, folder: Path, model: Path) -> None:
    said = injerto("predict", model, table(folder, clips(), "new.csv"), "--out", folder / "answers.csv", "--force")
    assert said.code == 0
    answers = pl.read_csv(folder / "answers.csv")
    assert answers.columns[:4] == ["row", "recording", "start_s", "end_s"]
    assert answers["species"].to_list() == clips()["species"]


def test_decimal_commas_give_the_same_answers(injerto: Call, folder: Path, model: Path) -> None:
    answers = []
    for name, separator in (("points.csv", ","), ("commas.csv", ";")):
        place = table(folder, clips(), name, separator)
        assert injerto("predict", model, place, "--out", folder / "a.parquet", "--force").code == 0
        answers.append(pl.read_parquet(folder / "a.parquet"))
    assert answers[0].equals(answers[1])


def test_times_that_are_missing_or_in_milliseconds(injerto: Call, folder: Path, model: Path) -> None:
    columns = clips()
    columns["starts_s"] = columns.pop("start_s")
    said = injerto("predict", model, table(folder, columns, "bad.csv"), "--out", folder / "b.csv")
    assert said.code == 1
    assert "lacks 1 column(s) this model reads:\n  - 'start_s' Did you mean 'starts_s'?" in said.err
    columns = clips() | {name: [time and 1000 * time for time in clips()[name]] for name in ("start_s", "end_s")}
    said = injerto("predict", model, table(folder, columns, "bad.csv"), "--out", folder / "b.csv")
    assert said.code == 3
    answers = pl.read_csv(folder / "b.csv")
    assert len(answers) == len(columns["species"])
    beyond = "beyond the file: the clip starts at 500.0 s, the file ends at 3.0 s: are the times in milliseconds or samples?"
    assert beyond in answers["problem"][1]
    said = injerto("check", folder / "bad.csv", "--target", "species")
    assert "are the times in milliseconds" in said.err + said.out


BAD = {
    "truncated.wav": (sound(tone())[:-2000], "truncated WAV sound: the header promises 16000 bytes, the file holds 14000"),
    "empty.wav": (b"", "zero bytes"),
    "nan.wav": (sound(np.full(800, np.nan, np.float32), subtype="FLOAT"), "samples are not finite: 800 of 800"),
    "text.wav": (b"a list of birds", "not a sound: it is text, beginning with 'a list of birds'"),
    "film.mp4": (
        b"\0\0\0\x18ftypisom\0\0\2\0isomiso2",
        "not a sound: it is an MP4 video; extract its sound first, e.g.",
    ),
    "film.wav": (b"RIFF\x10\x27\0\0AVI LIST", "not a sound: it is an AVI video; extract its sound first, e.g. with ffmpeg"),
    "film.mkv": (b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska", "not a sound: it is a Matroska video; extract its sound first"),
    "film.webm": (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "not a sound: it is a WebM video; extract its sound first"),
}
LOUD = np.clip(3 * tone(0.5), -1, 1)
GOOD = {
    "flac.wav": sound(tone(), format="FLAC"),
    "a.mp3": sound(tone(), format="MP3"),
    "a.ogg": sound(tone(), format="OGG", subtype="VORBIS"),
    "a.opus": sound(tone(), format="OGG", subtype="OPUS"),
    "fine.wav": sound(tone(rate_hz=96_000), 96_000),
    "eight.wav": sound(np.stack([tone()] * 8, axis=1)),
    "silent.wav": sound(np.zeros(8000, np.float32)),
    "clipped.wav": sound(LOUD),
    "click.wav": sound(tone(0.003)),
}


def test_every_bad_file_is_listed_and_every_odd_one_used(injerto: Call, tmp_path: Path, model: Path) -> None:
    for name, content in [*((name, bad) for name, (bad, _) in BAD.items()), *GOOD.items()]:
        (tmp_path / name).write_bytes(content)
    names = [*BAD, *GOOD]
    place = table(tmp_path, {"recording": names, "start_s": [None] * len(names), "end_s": [None] * len(names)})
    said = injerto("predict", model, place, "--out", tmp_path / "answers.parquet", "--json")
    assert said.code == 3
    answers = pl.read_parquet(tmp_path / "answers.parquet")
    for name, problem, answer in answers.select("recording", "problem", "species").iter_rows():
        assert (problem is None, answer is None) == (name in GOOD, name in BAD), name
        assert name in GOOD or BAD[name][1] in problem

    many = {"recording": names * 3, "species": ["wren", "jay", "owl"] * len(names)}
    found = json.loads(injerto("check", table(tmp_path, many, "many.csv"), "--input", "recording:sound", *ASKED).out)
    assert {entry["file"] for entry in found["unreadable"]} == set(BAD)
    assert len(found["unreadable"]) == 3 * len(BAD)
    said = " ".join(problem["message"] for problem in found["problems"])
    for words in ("are silent, each sample like the next", "are clipped: more than 1%", "are shorter than 20 ms"):
        assert f"3 of {3 * len(names)} files {words}" in said
