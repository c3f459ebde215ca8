"""The walk: lazy, the same order everywhere, nothing twice and nothing passed over in silence."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from injerto.errors import ListeningError
from injerto.listening.sources import Sources


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def inner(sources: Sources) -> list[str]:
    return [source.inner for source in sources]


def test_sorted_at_every_depth_with_files_and_folders_mixed(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.WAV", "b/1.flac", "a.wav", "c.mp3", "b/.x/3.wav", ".hidden.wav", "notes.txt", "LICENSE")
    sources = Sources([tmp_path])
    assert inner(sources) == ["a.wav", "b/1.flac", "b/2.WAV", "c.mp3"]
    assert (sources.hidden, dict(sources.others)) == (2, {".txt": 1, "": 1})
    assert inner(sources) == ["a.wav", "b/1.flac", "b/2.WAV", "c.mp3"]
    assert sources.hidden == 2, "each walk counts anew"


def test_nothing_is_heard_twice(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.wav", "a/2.wav")
    (tmp_path / "a" / "back").symlink_to(tmp_path / "a")
    assert inner(Sources([tmp_path / "a" / "2.wav", tmp_path / "a", tmp_path / "a" / "1.wav", tmp_path / "a"])) == [
        "1.wav",
        "2.wav",
    ]


def test_a_folder_that_cannot_be_read_is_a_problem_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a/1.wav", "b/2.wav")
    plain = os.scandir

    def refusing(folder: Path):
        if Path(folder).name == "a":
            raise PermissionError(13, "Permission denied")
        return plain(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    found = list(Sources([tmp_path]))
    assert [(source.inner, source.problem) for source in found] == [
        ("a/", "the folder cannot be read: Permission denied"),
        ("b/2.wav", ""),
    ]


def test_what_is_not_there_and_what_holds_nothing(tmp_path: Path) -> None:
    touch(tmp_path, "dawn.wav", "texts/a.txt", "texts/.b.wav")
    with pytest.raises(ListeningError, match="No recordings are given"):
        Sources([])
    with pytest.raises(ListeningError, match=r"There is no file or folder at .*dwan.wav'. Did you mean 'dawn.wav'\?"):
        Sources([tmp_path / "dwan.wav"])
    with pytest.raises(ListeningError, match=r"no recordings in .*texts'. Found: 1 .txt; 1 hidden. Sounds end in .aac"):
        Sources([tmp_path / "texts"]).require_any()


def test_many_folders_are_walked_in_little_memory(tmp_path: Path) -> None:
    for folder in range(100):
        touch(tmp_path / f"{folder:03d}", *(f"{name:03d}.wav" for name in range(100)))
    peaks = []
    for _ in range(3):  # Python's own table of names grows by the megabyte now and then
        tracemalloc.start()
        count = sum(1 for _ in Sources([tmp_path]))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count == 10_000
    assert min(peaks) < 800_000, "names of one folder at a time, and each folder once"
