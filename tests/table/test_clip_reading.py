"""A clip is the same stretch of the whole file; what is wrong with its times is said."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from injerto.errors import MediaError
from injerto.table import sound_source
from injerto.table.samples import read_samples, sound_duration
from made_media import noise, sound, varying_mp3

RATE_HZ = 16_000
FORMATS = [("WAV", "PCM_16"), ("FLAC", None), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None)]


def clip(path: str, start_s: float | None, end_s: float | None) -> dict[str, object]:
    return {"path": path, "start_s": start_s, "end_s": end_s}


@pytest.mark.parametrize(("format", "subtype"), FORMATS)
@pytest.mark.parametrize("rate_hz", [8000, 16_000, 48_000])
def test_a_clip_is_the_same_stretch_of_the_whole(tmp_path: Path, format: str, subtype: str | None, rate_hz: int) -> None:
    (tmp_path / "a.wav").write_bytes(sound(noise(6, rate_hz, channels=2), rate_hz, format, subtype))
    whole = read_samples("a.wav", tmp_path, rate_hz=RATE_HZ)
    for start_s, end_s in [(2.0003, 3.501), (None, 0.7), (4.123, None)]:
        found = read_samples(clip("a.wav", start_s, end_s), tmp_path, rate_hz=RATE_HZ)
        first = round((start_s or 0) * RATE_HZ)
        expected = whole[first : None if end_s is None else round(end_s * RATE_HZ)]
        assert abs(len(found) - len(expected)) <= 1
        shorter = min(len(found), len(expected))
        assert np.abs(found[:shorter] - expected[:shorter]).max() < 1e-4


@pytest.mark.parametrize("rate_hz", [11_025, 22_050, 44_100, 47_999, 96_000])
def test_odd_rates_stay_on_the_grid_of_the_whole(tmp_path: Path, rate_hz: int) -> None:
    content = sound(noise(4, rate_hz), rate_hz)
    whole = read_samples(content, tmp_path, rate_hz=RATE_HZ)
    cell = {"bytes": content, "path": None, "start_s": 1.2345, "end_s": 2.5}
    assert np.abs(read_samples(cell, tmp_path, rate_hz=RATE_HZ) - whole[19_752:40_000]).max() < 1e-4


def test_a_clip_of_an_mp3_of_varying_bit_rate_without_an_index(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(varying_mp3())
    whole = read_samples("a.mp3", tmp_path, rate_hz=RATE_HZ)
    assert np.array_equal(whole, read_samples((tmp_path / "a.mp3").read_bytes(), tmp_path, rate_hz=RATE_HZ))
    for start in range(1, 12):  # after a silence at 8 kbit/s, a frame leans on many before it
        found = read_samples(clip("a.mp3", start / 1, start + 0.5), tmp_path, rate_hz=RATE_HZ)
        assert np.abs(found - whole[start * RATE_HZ : start * RATE_HZ + RATE_HZ // 2]).max() < 1e-4
    assert np.abs(found).max() > 0.1


def test_only_the_stretch_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wav").write_bytes(sound(noise(60, RATE_HZ)))
    frames = []
    plain = sound_source.OpenSound.read

    def counted(self: sound_source.OpenSound, count: int = -1) -> np.ndarray:
        frames.append(count)
        return plain(self, count)

    monkeypatch.setattr(sound_source.OpenSound, "read", counted)
    read_samples(clip("a.wav", 30, 31), tmp_path, rate_hz=RATE_HZ)
    read_samples(clip("a.wav", 30, None), tmp_path, rate_hz=RATE_HZ, most_seconds=2)
    assert frames == [round(1.1 * RATE_HZ), round(2.1 * RATE_HZ)]


def test_durations_of_clips(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(sound(noise(6, RATE_HZ)))
    assert sound_duration(clip("a.wav", 1.5, None), tmp_path) == 4.5
    assert sound_duration(clip("a.wav", None, 6.04), tmp_path) == 6.0
    assert sound_duration(clip("a.wav", None, None), tmp_path) == 6.0


@pytest.mark.parametrize(
    ("start_s", "end_s", "reason"),
    [
        (12.0, 13.0, "beyond the file: the clip starts at 12.0 s, the file ends at 5.0 s: are the times in seconds?"),
        (5.0, None, "beyond the file: the clip starts at 5.0 s, the file ends at 5.0 s: are the times in seconds?"),
        (
            0.0,
            4000,
            "beyond the file: the clip ends at 4000 s, the file ends at 5.0 s: are the times in milliseconds or samples?",
        ),
        (64_000, None, "beyond the file: the clip starts at 64000 s, the file ends at 5.0 s: are the times in samples?"),
        (1e9, None, "beyond the file: the clip starts at 1000000000.0 s, the file ends at 5.0 s: are the times in seconds?"),
        (1.0, 5.051, "beyond the file: the clip ends at 5.051 s, the file ends at 5.0 s: are the times in seconds?"),
        (2.0, 1.0, "clip times: the clip ends at 1.0 s, not after its start at 2.0 s"),
        (2.0, 2.0, "clip times: the clip ends at 2.0 s, not after its start at 2.0 s"),
        (-1.0, 2.0, "clip times: the clip starts at -1.0 s, before its file does"),
        (math.nan, 2.0, "clip times: the start is not a finite number"),
        (None, math.inf, "clip times: the end is not a finite number"),
    ],
)
def test_wrong_times_are_explained(tmp_path: Path, start_s: float | None, end_s: float | None, reason: str) -> None:
    (tmp_path / "a.wav").write_bytes(sound(noise(5, RATE_HZ)))
    for read in (read_samples, lambda *words, rate_hz, row: sound_duration(*words, row=row)):
        with pytest.raises(MediaError) as caught:
            read(clip("a.wav", start_s, end_s), tmp_path, rate_hz=RATE_HZ, row=3)
        assert caught.value.reason.startswith(reason)
        assert (caught.value.row, caught.value.file) == (3, "a.wav")


def test_an_end_a_little_beyond_the_file_is_cut(tmp_path: Path) -> None:
    content = sound(noise(5, RATE_HZ))
    cell = {"bytes": content, "start_s": 4.0, "end_s": 5.05}
    assert len(read_samples(cell, tmp_path, rate_hz=RATE_HZ)) == RATE_HZ
    assert len(read_samples(cell | {"start_s": 1.0, "end_s": 1.00001}, tmp_path, rate_hz=RATE_HZ)) == 1


def test_truncated_files_give_no_clips(tmp_path: Path) -> None:
    for name, content in [("a.wav", sound(noise(5, RATE_HZ))), ("a.flac", sound(noise(5, RATE_HZ), format="FLAC"))]:
        (tmp_path / name).write_bytes(content[: len(content) // 2])
        with pytest.raises(MediaError, match=r"truncated|damaged"):
            read_samples(clip(name, 4.0, 4.5), tmp_path, rate_hz=RATE_HZ)
