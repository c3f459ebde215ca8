"""Scenes and spectrograms of what was heard: which are chosen, and that a tone stands where it sounds."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import injerto
from injerto.events.event import Event
from injerto.evidence.spectrogram import COLUMNS_PER_SECOND, LEVELS, ROWS, png, spectrogram
from injerto.listening.heard import Heard
from injerto.report.scenes import surest
from made_ears import listener, recording, write
from made_media import tone


def heard(name: str, *events: tuple[float, float, float], seconds: float = 60.0) -> Heard:
    found = tuple(Event(start, end, "wren", score, score) for start, end, score in events)
    return Heard(name, name, (0, 0), seconds, 16_000, found)


def test_the_surest_come_first_with_their_margins() -> None:
    scenes = surest([heard("a.wav", (1.0, 2.0, 0.6), (30.0, 31.0, 0.9)), heard("b.wav", (59.0, 60.0, 0.8))])
    assert [(one.heard.recording, one.start_s, one.end_s) for one in scenes] == [
        ("a.wav", 28.0, 33.0),
        ("b.wav", 57.0, 60.0),
        ("a.wav", 0.0, 4.0),
    ]


def test_an_event_that_another_scene_shows_has_none_of_its_own() -> None:
    scenes = surest([heard("a.wav", (10.0, 11.0, 0.9), (11.5, 12.5, 0.8))])
    assert len(scenes) == 1
    assert len(scenes[0].events) == 2


def test_a_long_event_shows_its_beginning() -> None:
    assert [(one.start_s, one.end_s) for one in surest([heard("a.wav", (10.0, 50.0, 0.9))])] == [(8.0, 23.0)]


def test_bounds_on_events_and_recordings() -> None:
    found = [heard(f"{number}.wav", (1.0, 2.0, 0.9), (20.0, 21.0, 0.5)) for number in range(10)]
    assert len(surest(found, most=4)) == 4
    assert {one.heard.recording for one in surest(found, recordings=2)} == {"0.wav", "1.wav"}


@pytest.mark.parametrize("frequency_hz", [1000.0, 6000.0])
def test_a_tone_stands_at_its_height(frequency_hz: float) -> None:
    levels = spectrogram(tone(2.0, 16_000, frequency_hz), 16_000)
    assert levels.shape[0] == ROWS
    assert levels.shape[1] == pytest.approx(2 * COLUMNS_PER_SECOND, abs=2)
    row = int(levels[:, 50].argmax())
    assert (ROWS - row) / ROWS * 8000 == pytest.approx(frequency_hz, abs=80)


def test_silence_is_blank_and_a_picture_opens() -> None:
    assert spectrogram(np.zeros(16_000, dtype=np.float32), 16_000).max() == 0
    assert spectrogram(np.zeros(1, dtype=np.float32), 16_000).shape[0] == ROWS
    picture = Image.open(io.BytesIO(png(spectrogram(tone(1.0), 16_000))))
    assert picture.size[1] == ROWS
    assert len(picture.getcolors() or []) <= LEVELS


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> injerto.Model:
    return listener(tmp_path_factory.mktemp("clips"))


def test_a_page_that_would_be_too_large_says_what_it_leaves_out(
    model: injerto.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [(5.0 + 8 * number, 7.0 + 8 * number, "low") for number in range(5)]
    path = write(tmp_path / "a.wav", recording(50.0, calls))
    found = model.listen(path)
    whole = model.listening_page(found)
    assert "This page shows" not in whole
    monkeypatch.setattr("injerto.report.listening.MOST_BYTES", len(whole) // 2)
    half = model.listening_page(found)
    assert 0 < half.count("<article") < 5
    assert " of 5 events</b>, the surest and those around them, in 1 recording. More would make it too large to send" in half
    path.write_bytes(b"")
    gone = model.listening_page(found)
    assert "the recordings cannot be read any more" in gone
    assert "Could not be read again: " in gone


def test_a_strip_draws_the_surest_and_says_so(model: injerto.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [(2.0 + 5 * number, 4.0 + 5 * number, "low") for number in range(4)]
    found = model.listen(write(tmp_path / "a.wav", recording(22.0, calls)))
    monkeypatch.setattr("injerto.report.listening.MOST_MARKS", 3)
    page = model.listening_page(found)
    assert page.count('class="mark') == 3
    assert "<span>the 3 surest</span>" in page
