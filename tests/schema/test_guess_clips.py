"""Columns start_s and end_s beside one column of sounds make clips; nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from injerto.schema.infer import infer
from injerto.schema.schema import Schema
from injerto.table.table import Table
from made_media import sound, tone


def draft(folder: Path, more: dict[str, Any], **options: Any) -> Schema:
    for name in ("a.wav", "b.wav"):
        (folder / name).write_bytes(sound(tone()))
    columns = {"file": ["a.wav", "a.wav", "b.wav", "b.wav"] * 5, "species": ["wren", "jay"] * 10} | more
    return infer(Table.of(columns, folder=folder), targets={"species": None}, **options)


TIMES = {"start_s": [0.0, 0.1, 0.2, 0.3] * 5, "end_s": [0.1, 0.2, 0.3, None] * 5}


def test_both_times_are_found_and_said(tmp_path: Path) -> None:
    schema = draft(tmp_path, TIMES)
    assert list(schema.inputs) == ["file"]
    assert (schema.inputs["file"].start, schema.inputs["file"].end) == ("start_s", "end_s")
    assert schema.inputs["file"].reason.endswith("that exist: sounds; clips of them from 'start_s' to 'end_s'")
    assert schema.dropped == {
        "start_s": "says where the clips of 'file' start, in seconds",
        "end_s": "says where the clips of 'file' end, in seconds",
    }
    assert Schema.from_toml(schema.to_toml()) == schema


@pytest.mark.parametrize(
    ("more", "options", "times"),
    [
        ({"start_s": TIMES["start_s"]}, {}, ["start_s"]),
        ({"start_s": ["0,5", "1", "", "2,25"] * 5}, {}, ["start_s"]),
        ({"start_s": ["0.5", "1", "late", None] * 5}, {}, ["start_s"]),
        (TIMES, {"inputs": {"file": "sound"}}, ["start_s", "end_s"]),
        (TIMES | {"file": ["a.wav"] * 20}, {}, ["start_s", "end_s"]),
        (TIMES, {"group": "file"}, ["start_s", "end_s"]),
        (TIMES, {"inputs": {"start_s": "number"}}, ["end_s"]),
        (TIMES, {"drop": ["end_s"]}, ["start_s"]),
        ({"start_s": ["spring", "autumn"] * 10}, {}, []),
        ({"start_s": [None] * 20}, {}, []),
        (TIMES | {"second": ["b.wav", "a.wav", "b.wav", "b.wav"] * 5}, {}, []),
        ({"from": TIMES["start_s"]}, {}, []),
    ],
)
def test_when_there_are_clips(tmp_path: Path, more: dict[str, Any], options: dict[str, Any], times: list[str]) -> None:
    schema = draft(tmp_path, more, **options)
    assert schema.inputs["file"].times == times
    assert not set(times) & set(schema.inputs)


def test_without_sounds_they_are_numbers(tmp_path: Path) -> None:
    schema = draft(tmp_path, TIMES | {"file": ["pond", "wood"] * 10})
    assert [schema.inputs[name].kind for name in ("start_s", "end_s")] == ["number", "number"]


def test_a_group_of_files_is_still_looked_at(tmp_path: Path) -> None:
    schema = draft(tmp_path, {}, group="file")
    assert schema.inputs["file"].kind == "sound"
    assert "file" not in schema.dropped
    assert "file" in draft(tmp_path, {}, group="file", drop=["file"]).dropped
