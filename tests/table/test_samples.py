"""Sounds of every kind to one channel at one rate; each bad one with its reason."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from injerto.errors import MediaError
from injerto.table import samples, sound_source
from injerto.table.media import probe
from injerto.table.mp3_index import with_index
from injerto.table.recording import blocks
from injerto.table.samples import read_samples, sound_duration
from injerto.table.sound_lengths import missing_part
from made_media import encoded, sound, tone

HERE = Path()
WAV = sound(tone())
FORMATS = [("WAV", "PCM_16"), ("FLAC", None), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None), ("AIFF", None), ("RF64", None)]


def reason(cell: object, folder: Path = HERE) -> str:
    with pytest.raises(MediaError) as caught:
        read_samples(cell, folder, rate_hz=16_000)
    return caught.value.reason


@pytest.mark.parametrize(("format", "subtype"), FORMATS)
def test_every_format(format: str, subtype: str | None) -> None:
    found = read_samples(sound(tone(), format=format, subtype=subtype), HERE, rate_hz=16_000)
    assert found.dtype == np.float32
    assert abs(len(found) - 8000) <= (2000 if format == "MP3" else 0)
    spectrum = np.abs(np.fft.rfft(found[1000:7000]))
    assert np.argmax(spectrum) * 16_000 / 6000 == pytest.approx(440, abs=3)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_depth(subtype: str) -> None:
    assert np.abs(read_samples(sound(tone(), subtype=subtype), HERE, rate_hz=16_000) - tone()).max() < 0.01


def test_channels_are_averaged() -> None:
    stereo = np.stack([tone(), np.zeros(8000, dtype=np.float32)], axis=1)
    assert np.allclose(read_samples(sound(stereo, subtype="FLOAT"), HERE, rate_hz=16_000), tone() / 2, atol=1e-7)


@pytest.mark.parametrize("rate_hz", [8000, 11_025, 16_000, 22_050, 44_100, 47_999, 96_000])
def test_odd_rates_are_resampled(rate_hz: int) -> None:
    found = read_samples(sound(tone(rate_hz=rate_hz), rate_hz), HERE, rate_hz=16_000)
    assert abs(len(found) - 8000) <= 1
    middle = slice(1000, 7000)
    assert np.abs(found[:7900][middle] - tone()[:7900][middle]).max() < 0.005


def test_a_downsampled_sound_has_no_mirror_tones() -> None:
    high = read_samples(sound(tone(rate_hz=48_000, frequency_hz=11_000), 48_000), HERE, rate_hz=16_000)
    assert np.abs(high[1000:-1000]).max() < 1e-3


@pytest.mark.parametrize(("format", "subtype"), FORMATS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_truncated_files_are_refused(format: str, subtype: str | None, share: float) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    content = sound(noise, format=format, subtype=subtype)
    assert reason(content[: int(len(content) * share)]).split()[0] in ("truncated", "damaged")


def test_a_truncated_wav_says_by_how_much() -> None:
    assert reason(WAV[:-1000]) == "truncated WAV sound: the header promises 16000 bytes, the file holds 15000"
    assert reason(WAV[:40]).startswith("truncated sound: ")


def test_an_mp3_of_varying_bit_rate_without_an_index_is_read_to_its_end(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    changing = np.concatenate([random.normal(0, 0.2, 32_000), np.zeros(32_000), tone(4)]).astype(np.float32)
    target = io.BytesIO()
    soundfile.write(target, changing, 16_000, format="MP3", bitrate_mode="VARIABLE", compression_level=0.5)
    content = target.getvalue()
    bare = content[content.index(content[:2], 13) :]  # without its first frame, which is the index
    assert b"Xing" not in bare
    with soundfile.SoundFile(io.BytesIO(bare)) as opened:
        assert opened.frames < 0.5 * len(changing)  # what the decoder would have left us with
    assert len(read_samples(bare, HERE, rate_hz=16_000)) == pytest.approx(len(changing), abs=2500)
    (tmp_path / "bare.mp3").write_bytes(bare)
    for cell in (bare, "bare.mp3"):
        assert sound_duration(cell, tmp_path) == pytest.approx(len(changing) / 16_000, abs=0.16)
    assert with_index(content) == content
    assert with_index(WAV) == WAV


def test_an_mp3_after_a_long_title_block() -> None:
    content = b"ID3\x04\0\0\0\0\x02\x0a" + b"\0" * 266 + sound(tone(), format="MP3")
    assert len(read_samples(content, HERE, rate_hz=16_000)) == pytest.approx(8000, abs=2000)
    assert "promises" in missing_part(content[:-200])


def test_lengths_that_pipes_leave_open_are_no_damage() -> None:
    place = WAV.index(b"data") + 4
    for unknown in (0xFFFFFFFF, 0x7FFFFFFF):
        piped = WAV[:place] + struct.pack("<I", unknown) + WAV[place + 4 :]
        assert missing_part(piped) == ""
        assert len(read_samples(piped, HERE, rate_hz=16_000)) == 8000


def test_chunks_before_the_samples_are_stepped_over() -> None:
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    place = WAV.index(b"data")
    assert missing_part(WAV[:place] + extra + WAV[place:]) == ""
    assert "promises 16000" in missing_part(WAV[:place] + extra + WAV[place:-1])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "zero bytes"),
        (b"hello there", "not a sound: it is text, beginning with 'hello there'"),
        (encoded(Image.new("RGB", (4, 4)), "PNG"), "not a sound: it is a PNG picture"),
        (b"\xff\xf1\x50\x80" + bytes(range(100)), "not a sound: it is an AAC sound: convert it to WAV or FLAC"),
        (b"\0\0\0\x20ftypM4A ", "not a sound: it is an M4A sound: convert it to WAV or FLAC"),
        (b"\0\0\0\x18ftypisom\0\0\2\0isom", "not a sound: it is an MP4 video; extract its sound first, e.g. with ffmpeg"),
        (b"\0\0\0\x14ftypqt  ", "not a sound: it is a QuickTime video; extract its sound first"),
        (b"RIFF\x10\0\0\0AVI LIST", "not a sound: it is an AVI video; extract its sound first"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "not a sound: it is a WebM video; extract its sound first"),
        (b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska", "not a sound: it is a Matroska video; extract its sound first"),
        (b"fLaC" + b"x" * 200, "damaged sound: a FLAC sound that cannot be decoded"),
        (sound(np.zeros(0, dtype=np.float32)), "no samples: the sound is empty"),
    ],
)
def test_what_is_no_sound_is_named(content: bytes, expected: str) -> None:
    assert reason(content).startswith(expected)


@pytest.mark.parametrize("content", [b"", b"hello there", b"fLaC" + b"x" * 200, WAV[:-1000], WAV[:40], b"\0" * 99])
def test_a_file_and_its_bytes_are_refused_alike(tmp_path: Path, content: bytes) -> None:
    for name in ("a.wav", "a.mp3", "a.raw", "a"):
        (tmp_path / name).write_bytes(content)
        assert reason(name, tmp_path) == reason(content)


def test_a_wrong_ending_does_no_harm(tmp_path: Path) -> None:
    """A path that ends in .raw would make soundfile ask for a rate."""
    for name, format in [("a.wav", "FLAC"), ("a.raw", "WAV"), ("a.flac", "MP3"), ("a", "OGG")]:
        content = sound(tone(), format=format)
        (tmp_path / name).write_bytes(content)
        assert np.array_equal(read_samples(name, tmp_path, rate_hz=16_000), read_samples(content, HERE, rate_hz=16_000))


def test_eight_channels_at_96_khz() -> None:
    loud = np.zeros((48_000, 8), dtype=np.float32)
    loud[:, 3] = tone(rate_hz=96_000)
    found = read_samples(sound(loud, 96_000), HERE, rate_hz=16_000)
    assert np.abs(found[1000:7000] - tone()[1000:7000] / 8).max() < 1e-3


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_refused(bad: float) -> None:
    broken = tone()
    broken[5:8] = bad
    assert reason(sound(broken, subtype="FLOAT")) == "samples are not finite: 3 of 8000 are NaN or infinite"


def test_very_long_sounds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "MOST_SAMPLES", 7999)
    assert reason(WAV) == "too long: 0.0 hours; cut the recording into pieces, or into clips by their times"


@pytest.mark.parametrize(("format", "subtype"), [("WAV", None), ("FLAC", None), ("OGG", "VORBIS")])
def test_durations_from_headers(tmp_path: Path, format: str, subtype: str | None) -> None:
    content = sound(tone(seconds=0.75), format=format, subtype=subtype)
    (tmp_path / "a").write_bytes(content)
    assert sound_duration("a", tmp_path) == sound_duration(content, HERE) == sound_duration({"bytes": content}, HERE) == 0.75


def test_durations_of_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"hello")
    for cell, message in [("a.wav", r"row 3: a\.wav: not a sound: it is text"), ("b.wav", r"row 3: b\.wav: no such file")]:
        with pytest.raises(MediaError, match=message):
            sound_duration(cell, tmp_path, row=3)


def test_the_message_names_row_file_and_reason(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(WAV[:-100])
    with pytest.raises(MediaError, match=r"^row 4: a\.wav: truncated WAV sound"):
        read_samples("a.wav", tmp_path, rate_hz=16_000, row=4)


def test_probe_reads_the_whole_file(tmp_path: Path) -> None:
    (tmp_path / "good.wav").write_bytes(WAV)
    (tmp_path / "cut.wav").write_bytes(WAV[:-100])
    assert probe("good.wav", tmp_path, "sound") is None
    error = probe("cut.wav", tmp_path, "sound", row=2)
    assert error is not None
    assert (error.row, error.file) == (2, "cut.wav")
    photo = probe("good.wav", tmp_path, "image")
    assert photo is not None
    assert photo.reason == "not a picture: it is a WAV sound"
    assert probe(encoded(Image.new("RGB", (4, 4)), "JPEG"), tmp_path, "image") is None


def test_fractions_beyond_any_sound_are_refused() -> None:
    """Bytes that are no samples, read as fractions: they are finite, and their squares are not."""
    loud = tone()
    loud[7] = 1e30
    assert reason(sound(loud, subtype="FLOAT")) == "samples are beyond any sound: up to 1e+30, where full scale is 1"
    assert reason(sound(np.stack([loud, tone()], axis=1), subtype="FLOAT")).startswith("samples are beyond any sound")
    whole = (tone() * 2**31).astype(np.float32)  # programs that keep whole numbers as fractions
    assert np.array_equal(read_samples(sound(whole, subtype="FLOAT"), HERE, rate_hz=16_000), whole)


def test_a_small_file_may_not_be_a_long_sound(tmp_path: Path) -> None:
    """Silence packs so well that 100 KB of FLAC may fill any memory, and a low rate makes many samples of one."""
    silence = sound(np.zeros(4_000_000, dtype=np.int16), format="FLAC")
    least = sound_source.FREE_SAMPLES
    frames = int.from_bytes(silence[18:26], "big") & ((1 << 36) - 1)
    assert frames == 4_000_000
    longer = silence[:21] + bytes([silence[21] & 0xF0]) + (least + 1).to_bytes(4, "big") + silence[26:]
    assert reason(longer) == (
        f"too long: 60,000,001 samples from a file of {len(longer):,} bytes; beyond 60 million, a byte may stand for 1000"
    )
    slow = bytearray(sound(np.zeros(30_000, dtype=np.int16), 8000))
    slow[24:28] = struct.pack("<I", 1)
    (tmp_path / "slow.wav").write_bytes(slow)
    assert reason(bytes(slow)).startswith("too long: 480,000,000 samples from a file of 60,044 bytes")
    with pytest.raises(MediaError, match="too long"):
        next(blocks(tmp_path / "slow.wav", rate_hz=16_000, block_seconds=1.0))
    assert sound_duration(bytes(slow), HERE) == 30_000


def test_a_header_that_leads_before_the_beginning_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Without its chunk of samples, an AIFF file is left at place -1; soundfile printed the error that Python raised there."""
    assert reason(sound(tone(), format="AIFF").replace(b"SSND", b"SXND")) == "not a sound"
    assert capfd.readouterr().err == ""


def test_a_file_of_empty_chunks_is_not_walked_to_its_end() -> None:
    """A gigabyte of zeros after the head of a WAV took minutes."""
    for chunks, said in ((9_000, ""), (10_000, "the file ends before its samples")):
        assert missing_part(WAV[:36] + (b"fill" + bytes(4)) * chunks + WAV[36:]) == said


def test_memory_that_does_not_suffice_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("soundfile.SoundFile.read", full)
    assert reason(sound(tone())) == "too long: 0 s do not fit in memory; cut the recording into pieces"


@pytest.mark.parametrize(("format", "subtype"), [("WAV", "GSM610"), ("AU", "G721_32"), ("WAV", "NMS_ADPCM_32")])
def test_sounds_that_can_only_be_read_from_their_beginning(format: str, subtype: str) -> None:
    """Asked where it is, libsndfile says of these that it cannot seek."""
    content = sound(tone(rate_hz=8000), 8000, format, subtype)
    found = read_samples(content, HERE, rate_hz=8000)
    assert np.corrcoef(found[:4000], tone(rate_hz=8000))[0, 1] > 0.95
