"""Folders of backgrounds: what cannot be read is named before learning, and so is a folder of no use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from injerto.schema.check import check
from injerto.schema.problems import Problem
from injerto.schema.schema import Input, InputKind, Schema, Target, TargetKind, Training
from injerto.table.table import Table
from made_media import noise, sound


def problems(folder: Path, inputs: dict[str, InputKind] | None = None, target: TargetKind = "class") -> list[Problem]:
    table = Table.of({"file": ["a.wav"] * 8, "month": [1, 2] * 4, "label": ["wren", "jay"] * 4}, folder=folder)
    schema = Schema(
        targets={"label": Target(kind=target)},
        inputs={name: Input(kind=kind) for name, kind in (inputs or {"file": "sound"}).items()},
        training=Training(background="wind"),
    )
    (folder / "a.wav").write_bytes(sound(noise(1.0, 8000), 8000))
    return [problem for problem in check(schema, table, quick=True).problems if "backgrounds" in problem.message]


def write(folder: Path, **files: bytes) -> None:
    (folder / "wind").mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / "wind" / f"{name}.wav").write_bytes(content)


GOOD = sound(noise(1.0, 8000), 8000)
NAN = sound(np.full(800, np.nan, np.float32), subtype="FLOAT")


def test_a_folder_that_is_of_use_has_no_problem(tmp_path: Path) -> None:
    write(tmp_path, good=GOOD, click=sound(noise(0.003, 8000), 8000))
    assert problems(tmp_path) == []


def test_recordings_that_cannot_be_read_are_named_with_their_reason(tmp_path: Path) -> None:
    write(tmp_path, good=GOOD, cut=GOOD[:-1000], empty=b"", nan=NAN)
    (found,) = problems(tmp_path)
    assert found.severity == "warning"
    assert found.message.startswith(
        "3 of 4 recordings in the folder of backgrounds 'wind' cannot be read: 'cut.wav' (truncated WAV sound: "
    )
    assert "'empty.wav' (zero bytes); 'nan.wav' (samples are not finite: 800 of 800 are NaN or infinite)." in found.message


def test_a_folder_of_which_nothing_can_be_read_stands_in_the_way(tmp_path: Path) -> None:
    write(tmp_path, **{f"a{number:02d}": b"" for number in range(12)})
    (found,) = problems(tmp_path)
    assert found.severity == "error"
    assert found.message.startswith(
        "None of 12 recordings in the folder of backgrounds 'wind' can be read: 'a00.wav' (zero bytes)"
    )
    assert "'a09.wav' (zero bytes); and 2 more. Give a folder" in found.message


def test_silence_is_no_background(tmp_path: Path) -> None:
    write(tmp_path, silent=sound(np.zeros(8000, np.float32), 8000))
    (found,) = problems(tmp_path)
    assert (found.severity, "nothing but silence" in found.message) == ("warning", True)
    write(tmp_path, good=GOOD)
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("inputs", "target", "said"),
    [
        ({"file": "sound", "month": "number"}, "class", "'file' (sound), 'month' (number) for 'label' (class)"),
        ({"file": "sound"}, "classes", "'file' (sound) for 'label' (classes)"),
    ],
)
def test_a_table_that_cannot_learn_to_hear_is_told(
    tmp_path: Path, inputs: dict[str, InputKind], target: TargetKind, said: str
) -> None:
    write(tmp_path, good=GOOD)
    (found,) = problems(tmp_path, inputs, target)
    assert found.severity == "warning"
    assert f"Found: {said}. The backgrounds vary the sounds" in found.message
