"""What is written is what was read, and what the other programs open."""

from __future__ import annotations

from pathlib import Path

import pytest

from injerto.table.annotations.audacity import audacity_text
from injerto.table.annotations.listed import listed_text
from injerto.table.annotations.raven import raven_text
from injerto.table.annotations.read import read_annotations
from injerto.table.annotations.selection import Line, Recorded, Selection

WREN = Selection(1.25, 2.5, "wren", 1000.0, 4000.0, 0.875)
JAY = Selection(59.000001, 60.0, "jay, loud", 200.0, 6000.0, 0.5)
POINT = Selection(3.0, 3.0, "click", 10.0, 20.0, 1.0)


def read(tmp_path: Path, text: str) -> list[Line]:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    lines = read_annotations(tmp_path / "a.txt").lines
    assert not [line.reason for line in lines if line.reason]
    return lines


def test_a_raven_table_by_hand() -> None:
    text = raven_text([Recorded("site/a.wav", (WREN, Selection(5.0, 6.0, "a\tb")), top_hz=8000)])
    assert text == (
        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tBegin File\tFile Offset (s)"
        "\tLabel\tScore\n"
        "1\tSpectrogram 1\t1\t1.250000\t2.500000\t1000.000\t4000.000\ta.wav\t1.250000\twren\t0.875\n"
        "2\tSpectrogram 1\t1\t5.000000\t6.000000\t0.000\t8000.000\ta.wav\t5.000000\ta b\t\n"
    )


def test_raven_comes_back_for_a_sequence_of_recordings(tmp_path: Path) -> None:
    text = raven_text([Recorded("a.wav", (WREN, JAY), 60.0), Recorded("b.wav", (POINT,), 30.0), Recorded("c.wav", (WREN,))])
    assert [line.split("\t")[:4] for line in text.splitlines()[1:]] == [
        ["1", "Spectrogram 1", "1", "1.250000"],
        ["2", "Spectrogram 1", "1", "59.000001"],
        ["3", "Spectrogram 1", "1", "63.000000"],
        ["4", "Spectrogram 1", "1", "91.250000"],
    ]
    found = read(tmp_path, text)
    assert [line.recording for line in found] == ["a.wav", "a.wav", "b.wav", "c.wav"]
    for line, before in zip(found, [WREN, JAY, POINT, WREN], strict=True):
        assert line.selection is not None
        assert line.selection.start_s == pytest.approx(before.start_s, abs=1e-6)
        assert line.selection.end_s == pytest.approx(before.end_s, abs=1e-6)
        assert (line.selection.label, line.selection.low_hz, line.selection.score) == (
            before.label,
            before.low_hz,
            before.score,
        )


def test_a_sequence_needs_durations() -> None:
    with pytest.raises(ValueError, match="needs the duration of each"):
        raven_text([Recorded("a.wav", (WREN,)), Recorded("b.wav", (WREN,))])


def test_audacity_comes_back_without_scores(tmp_path: Path) -> None:
    half = Selection(4.0, 5.0, "owl", None, 900.0)
    plain = Selection(6.0, 7.0, "owl")
    found = [line.selection for line in read(tmp_path, audacity_text([WREN, POINT, half, plain]))]
    assert found == [
        Selection(1.25, 2.5, "wren", 1000.0, 4000.0),
        Selection(3.0, 3.0, "click", 10.0, 20.0),
        half,
        plain,
    ]
    assert audacity_text([]) == ""


def test_a_plain_table_comes_back_whole(tmp_path: Path) -> None:
    parts = [Recorded("site/a.wav", (WREN, JAY)), Recorded("b.wav", (Selection(0.0, 1.0, 'the "owl"'),))]
    found = read(tmp_path, listed_text(parts))
    assert [(line.recording, line.selection) for line in found] == [
        ("site/a.wav", WREN),
        ("site/a.wav", JAY),
        ("b.wav", Selection(0.0, 1.0, 'the "owl"')),
    ]


def test_no_selections_are_a_header() -> None:
    assert raven_text([Recorded("a.wav", ())]).count("\n") == 1
    assert listed_text([]).count("\n") == 1
