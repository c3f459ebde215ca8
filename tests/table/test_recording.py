"""Blocks joined are the whole; the memory is that of a block; damage is said as everywhere."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from injerto.errors import MediaError
from injerto.table import recording
from injerto.table.recording import Recording, blocks
from injerto.table.samples import read_samples
from made_media import noise, sound, varying_mp3

RATE_HZ = 16_000
FORMATS = [("WAV", "PCM_16"), ("FLAC", None), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None)]


@pytest.fixture(autouse=True)
def small_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "READ_FRAMES", 10_007)


def joined(path: Path, block_seconds: float = 0.7, **options: float) -> np.ndarray:
    return np.concatenate([block.samples for block in blocks(path, rate_hz=RATE_HZ, block_seconds=block_seconds, **options)])


def test_what_a_header_says(tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_bytes(sound(noise(1.5, 44_100, 2), 44_100, format="FLAC"))
    assert Recording.open(tmp_path / "a.flac") == Recording(tmp_path / "a.flac", 1.5, 44_100, 2)


@pytest.mark.parametrize(("format", "subtype"), FORMATS)
@pytest.mark.parametrize("rate_hz", [8000, 16_000, 48_000])
def test_blocks_joined_are_the_whole(tmp_path: Path, format: str, subtype: str | None, rate_hz: int) -> None:
    (tmp_path / "a").write_bytes(sound(noise(3.21, rate_hz, 2), rate_hz, format, subtype))
    whole = read_samples("a", tmp_path, rate_hz=RATE_HZ)
    found = joined(tmp_path / "a")
    assert found.dtype == np.float32
    assert len(found) == len(whole)
    assert np.abs(found - whole).max() <= 1e-5
    resumed = joined(tmp_path / "a", start_s=1.23456)
    assert np.abs(resumed - whole[round(1.23456 * RATE_HZ) :]).max() <= 1e-4


@pytest.mark.parametrize("rate_hz", [11_025, 44_100, 47_999, 96_000])
def test_odd_rates(tmp_path: Path, rate_hz: int) -> None:
    (tmp_path / "a.wav").write_bytes(sound(noise(2.5, rate_hz), rate_hz))
    whole = read_samples("a.wav", tmp_path, rate_hz=RATE_HZ)
    assert np.abs(joined(tmp_path / "a.wav") - whole).max() <= 1e-5
    assert np.abs(joined(tmp_path / "a.wav", start_s=1.5) - whole[24_000:]).max() <= 1e-4


def test_an_mp3_of_varying_bit_rate(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(varying_mp3())
    whole = read_samples("a.mp3", tmp_path, rate_hz=RATE_HZ)
    assert np.abs(joined(tmp_path / "a.mp3") - whole).max() <= 1e-5


@pytest.mark.parametrize(
    ("seconds", "overlap_s", "starts", "last_s"),
    [
        (3.0, 0.0, [0, 1, 2], 1.0),
        (3.5, 0.0, [0, 1, 2, 3], 0.5),
        (0.25, 0.0, [0], 0.25),
        (3.0, 0.5, [0, 0.5, 1, 1.5, 2], 1.0),
        (3.1, 0.5, [0, 0.5, 1, 1.5, 2, 2.5], 0.6),
        (0.3, 0.5, [0], 0.3),
    ],
)
def test_where_blocks_start(tmp_path: Path, seconds: float, overlap_s: float, starts: list[float], last_s: float) -> None:
    (tmp_path / "a.wav").write_bytes(sound(noise(seconds, RATE_HZ)))
    found = list(blocks(tmp_path / "a.wav", rate_hz=RATE_HZ, block_seconds=1, overlap_seconds=overlap_s))
    assert [block.start_s for block in found] == starts
    assert [len(block.samples) for block in found] == [RATE_HZ] * (len(starts) - 1) + [round(last_s * RATE_HZ)]
    shared = round(overlap_s * RATE_HZ)
    assert all(np.array_equal(one.samples[len(one.samples) - shared :], two.samples[:shared]) for one, two in pairwise(found))


def test_a_resumed_recording_counts_from_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(sound(noise(3, RATE_HZ)))
    found = list(blocks(tmp_path / "a.wav", rate_hz=RATE_HZ, block_seconds=1, start_s=0.75))
    assert [block.start_s for block in found] == [0.75, 1.75, 2.75]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (sound(noise(3, RATE_HZ))[:-2000], "truncated WAV sound: the header promises 96000 bytes, the file holds 94000"),
        (b"", "zero bytes"),
        (b"hello there", "not a sound: it is text, beginning with 'hello there'"),
        (b"\0\0\0\x18ftypisom", "not a sound: it is an MP4 video; extract its sound first"),
        (sound(np.zeros(0, dtype=np.float32)), "no samples: the sound is empty"),
    ],
)
def test_what_is_known_at_the_start(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(MediaError) as caught:
        next(blocks(tmp_path / "a.wav", rate_hz=RATE_HZ, block_seconds=1))
    assert caught.value.reason.startswith(reason)
    assert caught.value.file == str(tmp_path / "a.wav")


def test_what_turns_out_on_the_way(tmp_path: Path) -> None:
    content = sound(noise(5, RATE_HZ), format="FLAC")
    (tmp_path / "cut.flac").write_bytes(content[: len(content) // 2])
    broken = noise(5, RATE_HZ)
    broken[70_000] = np.nan
    (tmp_path / "nan.wav").write_bytes(sound(broken, subtype="FLOAT"))
    for name, reason in [("cut.flac", r"truncated|damaged"), ("nan.wav", "samples are not finite: 1 of 10007 are NaN")]:
        with pytest.raises(MediaError, match=reason):
            joined(tmp_path / name)
    with pytest.raises(MediaError, match="no such file"):
        Recording.open(tmp_path / "none.wav")


def test_blocks_that_go_nowhere_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(sound(noise(1, RATE_HZ)))
    for options in ({"block_seconds": 1, "overlap_seconds": 1}, {"block_seconds": 0}, {"block_seconds": 1, "start_s": -1}):
        with pytest.raises(ValueError, match="an overlap is shorter than a block"):
            next(blocks(tmp_path / "a.wav", rate_hz=RATE_HZ, **options))
    with pytest.raises(MediaError, match=r"beyond the file: start at 1\.0 s, the file ends at 1\.0 s"):
        next(blocks(tmp_path / "a.wav", rate_hz=RATE_HZ, block_seconds=1, start_s=1.0))


@pytest.mark.slow
@pytest.mark.parametrize(("format", "seconds"), [("WAV", 7200), ("FLAC", 7200)])
def test_hours_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, seconds: int) -> None:
    """Two hours are 460 MB at this rate; a longer recording holds no more at a time."""
    monkeypatch.setattr(recording, "READ_FRAMES", 262_144)
    minute = noise(60, 8000)
    with soundfile.SoundFile(tmp_path / "long", "w", 8000, 1, "PCM_16", format=format) as file:
        for _ in range(seconds // 60):
            file.write(minute)
    tracemalloc.start()
    held = sum(len(block.samples) for block in blocks(tmp_path / "long", rate_hz=RATE_HZ, block_seconds=30))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held == seconds * RATE_HZ
    assert peak < 20e6
