"""Annotations find their recordings by name, whatever programs and people do to names."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from injerto.clips.recordings import Recordings
from injerto.errors import TableError


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    for name in ("a.wav", "north/dawn.WAV", "south/dawn.wav", "2024.05.01.flac", "p\u00e1jaro.wav", "notes.txt"):
        path = tmp_path / "sounds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return Recordings(tmp_path / "sounds")


@pytest.mark.parametrize(
    ("file", "recording"),
    [
        ("a.txt", "a.wav"),
        ("A.Table.1.selections.txt", "a.wav"),
        ("a.selections.txt", "a.wav"),
        ("a.wav.txt", "a.wav"),
        ("a.BirdNET.selection.table.txt", "a.wav"),
        ("a_labels.txt", "a.wav"),
        ("2024.05.01.Table.2.selections.txt", "2024.05.01.flac"),
        ("2024.05.01.csv", "2024.05.01.flac"),
        (unicodedata.normalize("NFD", "P\u00c1JARO.txt"), "p\u00e1jaro.wav"),
    ],
)
def test_by_the_name_of_the_file(recordings: Recordings, file: str, recording: str) -> None:
    assert recordings.of("", Path("marks", file)) == recording


@pytest.mark.parametrize(
    ("written", "recording"),
    [
        ("a.wav", "a.wav"),
        ("A", "a.wav"),
        ("a.flac", "a.wav"),
        ("C:\\disk\\North\\dawn.wav", "north/dawn.WAV"),
        ("south/dawn.wav", "south/dawn.wav"),
    ],
)
def test_by_the_name_in_the_table(recordings: Recordings, written: str, recording: str) -> None:
    assert recordings.of(written, Path("marks/all.csv")) == recording


def test_of_two_recordings_of_one_name_the_one_near_the_annotations(recordings: Recordings, tmp_path: Path) -> None:
    assert recordings.of("", tmp_path / "marks" / "south" / "dawn.txt") == "south/dawn.wav"
    assert recordings.of("dawn.wav", tmp_path / "sounds" / "north" / "all.txt") == "north/dawn.WAV"
    with pytest.raises(TableError, match=r"2 recordings are called 'dawn': north/dawn.WAV, south/dawn.wav. Give each its own"):
        recordings.of("", tmp_path / "marks" / "dawn.txt")


def test_a_recording_that_is_not_there(recordings: Recordings) -> None:
    with pytest.raises(TableError, match=r"no recording 'pajaro.wav' below .*sounds\. Did you mean 'p\u00e1jaro'"):
        recordings.of("pajaro.wav", Path("all.csv"))
    with pytest.raises(TableError, match="no recording '2024'"):
        recordings.of("", Path("2024.txt"))


def test_a_folder_without_recordings(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"no recordings below .*; sounds end in .*\.wav"):
        Recordings(tmp_path)
    with pytest.raises(TableError, match="cannot be searched: it does not exist"):
        Recordings(tmp_path / "x")
    (tmp_path / "x").touch()
    with pytest.raises(TableError, match="cannot be searched: it is a file"):
        Recordings(tmp_path / "x")
