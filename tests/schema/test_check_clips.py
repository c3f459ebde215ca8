"""Clips: wrong times, overlaps and one recording on both sides are found; odd sounds are noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from injerto.schema.check import CheckReport, check
from injerto.schema.schema import Input, Schema, Split, Target
from injerto.table.table import Table
from made_media import sound

RATE_HZ = 8000
CLIPS: dict[str, list[Any]] = {
    "file": [f"{number}.wav" for number in range(12) for _ in range(10)],
    "start_s": [0.5 * number for number in range(10)] * 12,
    "end_s": [0.5 * number + 0.5 for number in range(10)] * 12,
    "y": ["ant", "bee"] * 60,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve recordings of 5 s of noise."""
    place = tmp_path_factory.mktemp("recordings")
    for number in range(12):
        noise = np.random.default_rng(number).normal(0, 0.1, 5 * RATE_HZ).astype(np.float32)
        (place / f"{number}.wav").write_bytes(sound(noise, RATE_HZ))
    return place


def report(
    folder: Path, *, quick: bool = False, kind: Any = "sound", split: dict[str, str] | None = None, **more: Any
) -> CheckReport:
    schema = Schema(
        targets={"y": Target(kind="class")},
        inputs={"file": Input(kind=kind, start="start_s", end="end_s")},
        split=Split(**(split or {})),  # type: ignore[arg-type]
    )
    columns = {name: cells for name, cells in (CLIPS | more).items() if cells is not None}
    return check(schema, Table.of(columns, folder=folder), quick=quick)


def found(result: CheckReport) -> list[tuple[str, str]]:
    return [(problem.severity, problem.column) for problem in result.problems]


def changed(name: str, rows: dict[int, Any]) -> list[Any]:
    return [rows.get(row, cell) for row, cell in enumerate(CLIPS[name])]


def test_clips_of_one_recording_belong_together(folder: Path) -> None:
    result = report(folder)
    assert found(result) == [("warning", "file")]
    message = result.problems[0].message
    assert message.startswith("Input 'file' cuts 12 recordings into several clips, such as '0.wav' into 10.")
    assert "give 'file' as the group of the split" in message
    grouped = report(folder, split={"group": "file"})
    assert [problem.message for problem in grouped.problems if "cuts" in problem.message] == []
    assert len(result.ledger) == len(grouped.ledger) == 0


def test_clips_of_a_single_recording_say_little_about_others(folder: Path) -> None:
    result = report(
        folder, file=["0.wav"] * 120, start_s=[row / 25 for row in range(120)], end_s=[row / 25 + 0.04 for row in range(120)]
    )
    assert [problem.message for problem in result.problems] == [
        "Input 'file': all clips are of one recording, '0.wav'. The scores will hold for other clips of it; "
        "how good the answers are for another recording, they cannot say."
    ]


def test_overlaps_are_counted(folder: Path) -> None:
    """Row 3 lies within row 2; rows 38 and 39 share half a second; row 12 starts where 11 ends."""
    result = report(
        folder,
        end_s=changed("end_s", {2: 2.5, 38: None}),
        split={"column": "side"},
        side=["train", "tune", "test", "test"] * 30,
    )
    (message,) = [problem.message for problem in result.problems if "overlap" in problem.message]
    assert message.startswith("Input 'file': 3 clips of 2 recordings overlap others, such as rows 2 and 3 of '0.wav'.")


def test_times_beyond_the_file_are_listed_with_their_rows(folder: Path) -> None:
    result = report(
        folder,
        start_s=changed("start_s", {9: 7.0, 19: 8.0}),
        end_s=changed("end_s", {9: 7.5, 19: 8.5, 4: 0.1}),
        split={"group": "file"},
    )
    assert [(entry.row, entry.file, entry.reason) for entry in result.ledger] == [
        (4, "0.wav", "clip times: the clip ends at 0.1 s, not after its start at 2.0 s"),
        (9, "0.wav", "beyond the file: the clip starts at 7.0 s, the file ends at 5.0 s: are the times in seconds?"),
        (19, "1.wav", "beyond the file: the clip starts at 8.0 s, the file ends at 5.0 s: are the times in seconds?"),
    ]
    (message,) = [problem.message for problem in result.warnings if "cannot be read" in problem.message]
    assert message.startswith("Input 'file': 3 of 120 clips cannot be read: beyond the file: the clip starts at 7.0 s")
    assert "(2 like this); clip times: " in message


def test_times_in_milliseconds_are_guessed(folder: Path) -> None:
    thousands = {name: [1000 * second for second in CLIPS[name]] for name in ("start_s", "end_s")}
    result = report(folder, split={"group": "file"}, **thousands)
    (message,) = [problem.message for problem in result.problems if "cannot be read" in problem.message]
    assert "are the times in milliseconds or samples? (120 like this)" in message


def test_times_as_text(folder: Path) -> None:
    commas = [str(second).replace(".", ",") for second in CLIPS["start_s"]]
    assert found(report(folder, start_s=commas)) == [("warning", "file")]
    result = report(folder, start_s=["soon", *commas[1:]])
    assert ("warning", "start_s") in found(result)
    assert any("1 cell cannot be read as seconds: row 0 holds 'soon'" in problem.message for problem in result.problems)
    assert [entry.reason for entry in result.ledger] == ["clip times: the start is not a finite number of seconds"]


def test_columns_of_times_must_be_there_and_fit(folder: Path) -> None:
    result = report(folder, end_s=None, end_ms=CLIPS["end_s"])
    assert [problem.message for problem in result.errors] == [
        "Input 'file': the column of times 'end_s' is not in the table table. Did you mean 'end_ms'?"
    ]
    assert ("error", "end_s") in found(report(folder, end_s=[[1.0]] * 120))
    assert any("'start' and 'end' cut sounds only" in problem.message for problem in report(folder, kind="category").errors)


def test_a_clip_with_two_answers(folder: Path) -> None:
    result = report(folder, start_s=changed("start_s", {1: 0.0}), end_s=changed("end_s", {1: 0.5}))
    (message,) = [problem.message for problem in result.problems if "different answers" in problem.message]
    assert message.startswith("Input 'file': the same clip has different answers in 'y' in 1 case, such as '0.wav | 0.0 | 0.5'")


def test_odd_sounds_are_noted_and_lost_by_nobody(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    made = [random.normal(0, 0.1, RATE_HZ) for _ in range(40)]
    made[3] = made[5] = np.zeros(RATE_HZ)
    made[7] = np.clip(20 * made[7], -1, 1)
    made[9] = made[9][:24]
    for number, samples in enumerate(made):
        (tmp_path / f"{number}.wav").write_bytes(sound(samples.astype(np.float32), RATE_HZ))
    schema = Schema(targets={"y": Target(kind="class")}, inputs={"file": Input(kind="sound")})
    table = Table.of({"file": [f"{number}.wav" for number in range(40)], "y": ["ant", "bee"] * 20}, folder=tmp_path)
    result = check(schema, table)
    assert len(result.ledger) == 0
    assert [(problem.severity, problem.message) for problem in result.problems if problem.column == "file"] == [
        (
            "warning",
            "Input 'file': 2 of 40 files are silent, each sample like the next, such as '3.wav' in row 3. "
            "They are used as they are. Was the microphone plugged in?",
        ),
        (
            "warning",
            "Input 'file': 1 of 40 files are shorter than 20 ms, such as '9.wav' in row 9. "
            "They are used as they are. There is hardly anything to hear.",
        ),
        (
            "note",
            "Input 'file': 1 of 40 files are clipped: more than 1% of the samples stand at full scale, such as '7.wav' "
            "in row 7. They are used as they are. Less gain would keep the peaks.",
        ),
    ]
