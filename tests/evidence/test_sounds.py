"""Sounds as the report shows them: a spectrogram, the sound, and where a clip lies in what is around it."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import polars as pl
import soundfile
from PIL import Image

from injerto.evidence.rows import described
from injerto.evidence.shown_sound import RATE_HZ
from injerto.evidence.sounds import MARGIN_SECONDS, MOST_SECONDS, sound_shown
from injerto.schema.schema import Input
from injerto.table.table import Table
from made_media import tone


def written(folder: Path, seconds: float) -> str:
    soundfile.write(folder / "a.wav", tone(seconds, 8000, 1000.0), 8000)
    return "a.wav"


def content(address: str) -> io.BytesIO:
    return io.BytesIO(base64.b64decode(address.split(",")[1]))


def test_a_sound_is_seen_and_heard(tmp_path: Path) -> None:
    found = sound_shown(written(tmp_path, 2.0), tmp_path)
    assert found is not None
    assert found["seconds"] == 2.0
    assert "box" not in found
    assert Image.open(content(found["picture"])).size[1] == 128
    samples, rate = soundfile.read(content(found["sound"]))
    assert rate == RATE_HZ
    assert abs(len(samples) / rate - 2.0) < 0.2


def test_a_long_sound_shows_its_beginning(tmp_path: Path) -> None:
    found = sound_shown(written(tmp_path, 20.0), tmp_path, heard=False)
    assert found is not None
    assert found["seconds"] == MOST_SECONDS
    assert "sound" not in found


def test_a_clip_is_framed_in_the_second_around_it(tmp_path: Path) -> None:
    clip = {"path": written(tmp_path, 10.0), "start_s": 4.0, "end_s": 6.0}
    found = sound_shown(clip, tmp_path)
    assert found is not None
    assert found["seconds"] == 2 + 2 * MARGIN_SECONDS
    assert found["box"] == [0.25, 0.75]


def test_a_clip_at_the_ends_of_its_file_has_nothing_beyond(tmp_path: Path) -> None:
    name = written(tmp_path, 3.0)
    first = sound_shown({"path": name, "start_s": 0.0, "end_s": 1.0}, tmp_path)
    last = sound_shown({"path": name, "start_s": 2.5, "end_s": 3.0}, tmp_path)
    assert first is not None
    assert last is not None
    assert (first["seconds"], first["box"]) == (2.0, [0.0, 0.5])
    assert (last["seconds"], last["box"]) == (1.5, [round(2 / 3, 4), 1.0])


def test_what_cannot_be_read_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "b.wav").write_bytes(b"")
    assert sound_shown("b.wav", tmp_path) is None
    assert sound_shown("none.wav", tmp_path) is None


def test_a_row_has_its_sounds_and_numbers_as_people_read_them(tmp_path: Path) -> None:
    frame = pl.DataFrame({"clip": [written(tmp_path, 1.0)], "mass": [120.23943568712203], "wide": [np.float64(12345678.0)]})
    inputs = {"clip": Input(kind="sound"), "mass": Input(kind="number"), "wide": Input(kind="number")}
    shown = described(Table.of(frame, folder=tmp_path), inputs, 0)
    assert len(shown["sounds"]) == 1
    assert shown["pictures"] == []
    assert shown["values"][1:] == [["mass", "120.239"], ["wide", "12345678"]]
