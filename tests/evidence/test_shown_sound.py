"""What a page shows of samples: as much of the picture, of the sound and of the recording as was asked for."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from injerto.errors import MediaError
from injerto.evidence.shown_sound import RATE_HZ, beginning, drawn, played
from made_media import tone


def content(address: str) -> io.BytesIO:
    return io.BytesIO(base64.b64decode(address.split(",")[1]))


def test_of_a_long_sound_its_beginning(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(3.0, 8000, 500.0), 8000)
    assert len(beginning("a.wav", tmp_path, most_seconds=1.25)) == 1.25 * RATE_HZ
    assert len(beginning("a.wav", tmp_path, most_seconds=10)) == 3 * RATE_HZ
    with pytest.raises(MediaError, match="no such file"):
        beginning("b.wav", tmp_path, most_seconds=1)


def test_a_picture_ends_where_it_is_asked_to() -> None:
    samples = tone(1.0, RATE_HZ, 1000.0)
    whole, lower = (Image.open(content(drawn(samples, RATE_HZ, top_hz=top))) for top in (None, 4000))
    assert (whole.height, lower.height, lower.width) == (128, 64, whole.width)
    darkest = [int(np.asarray(picture).sum(axis=1).argmax()) for picture in (whole, lower)]
    assert darkest == [pytest.approx(128 * 7 / 8, abs=1.5), pytest.approx(64 * 3 / 4, abs=1.5)]  # 1 of 8 kHz, 1 of 4 kHz


def test_a_sound_is_as_long_as_its_samples() -> None:
    samples, rate_hz = soundfile.read(content(played(tone(0.5, RATE_HZ, 1000.0), RATE_HZ)))
    assert rate_hz == RATE_HZ
    assert len(samples) == pytest.approx(8000, abs=1200)  # MP3 comes in frames
