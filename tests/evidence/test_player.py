"""The beginning of a sound in a page: short, loud enough, and of a clip no more than the clip."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from injerto.evidence.player import LONGEST_SECONDS, RATE_HZ, Player, player
from made_media import sound, tone


def heard(found: Player | None) -> np.ndarray:
    assert found is not None
    samples, rate_hz = soundfile.read(io.BytesIO(base64.b64decode(found.sound.split(",")[1])))
    assert rate_hz == RATE_HZ
    return np.asarray(samples)


def test_long_sounds_are_cut_and_soft_ones_are_loud(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(sound(0.01 * tone(9.0, 22_050, 440.0), 22_050))
    found = player("a.wav", tmp_path)
    samples = heard(found)
    assert len(samples) / RATE_HZ == pytest.approx(LONGEST_SECONDS, abs=0.2)
    assert 0.7 < np.abs(samples).max() <= 1.0
    assert found is not None and found.size == len(found.picture) + len(found.sound) < 120_000


def test_of_a_clip_its_own_seconds(tmp_path: Path) -> None:
    samples = np.concatenate([tone(2.0, RATE_HZ, 440.0), np.zeros(2 * RATE_HZ, dtype=np.float32)])
    (tmp_path / "a.wav").write_bytes(sound(samples, RATE_HZ))
    cell = {"path": "a.wav", "start_s": 2.5, "end_s": 3.5}
    assert np.abs(heard(player(cell, tmp_path))).max() < 1e-3
    assert len(heard(player(cell, tmp_path))) / RATE_HZ == pytest.approx(1.0, abs=0.2)


def test_an_empty_cell_and_a_missing_file_have_none(tmp_path: Path) -> None:
    assert player(None, tmp_path) is None
    assert player("gone.wav", tmp_path) is None
