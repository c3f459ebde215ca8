"""Silence, cut peaks, clicks and dark photos are told from what is merely quiet, loud, short or dim."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from injerto.errors import MediaError
from injerto.table.oddities import clipped_share, hear, look, oddities
from made_media import sound, tone

RATE_HZ = 16_000


def column(samples: np.ndarray) -> np.ndarray:
    return samples.astype(np.float32).reshape(len(samples), -1)


LOUD = np.sin(np.arange(RATE_HZ) * 0.1)


@pytest.mark.parametrize(
    ("samples", "found"),
    [
        (tone(), []),
        (LOUD, []),  # near full scale for three samples at a time
        (np.clip(3 * LOUD, -1, 1), ["clipped"]),
        (np.stack([0.1 * LOUD, np.clip(3 * LOUD, -1, 1)], axis=1), ["clipped"]),
        (np.zeros(RATE_HZ), ["silent"]),
        (np.full(RATE_HZ, 0.25), ["silent"]),
        (np.ones(RATE_HZ), ["silent"]),
        (np.r_[np.zeros(RATE_HZ), 1e-4], []),
        (LOUD[:319], ["short"]),
        (LOUD[:320], []),
        (np.zeros(48), ["short", "silent"]),
        (np.ones(1), ["short", "silent"]),
    ],
)
def test_what_is_odd(samples: np.ndarray, found: list[str]) -> None:
    assert oddities(column(samples), RATE_HZ) == found


def test_share_of_clipped_samples_by_hand() -> None:
    """Tops of three and of four count, a pair and a change of sign do not."""
    samples = column(np.array([0, 1, 1, 1, 0, -1, -1, -1, -1, 0, 1, 1, 0, 1, -1, 1, 0, 0, 0, 0]))
    assert clipped_share(samples) == pytest.approx(7 / 20)


def test_a_clip_is_heard_by_itself(tmp_path: Path) -> None:
    content = sound(np.r_[np.zeros(RATE_HZ), 0.5 * LOUD, np.zeros(RATE_HZ)].astype(np.float32))
    cell = {"bytes": content, "start_s": 0.1, "end_s": 0.99}
    assert hear(cell, tmp_path) == ["silent"]
    assert hear(cell | {"end_s": 1.5}, tmp_path) == []
    assert hear(cell | {"end_s": None}, tmp_path, most_seconds=0.5) == ["silent"]
    assert hear(cell | {"end_s": 0.11}, tmp_path) == ["short", "silent"]
    with pytest.raises(MediaError, match=r"row 2: .*beyond the file: the clip ends at 4\.0 s"):
        hear(cell | {"end_s": 4.0}, tmp_path, row=2, most_seconds=0.5)


@pytest.mark.parametrize(("top", "odd"), [(4095, ["dark"]), (6000, []), (0, ["dark"])])
def test_twelve_bits_in_a_file_of_sixteen_are_as_good_as_black(tmp_path: Path, top: int, odd: list[str]) -> None:
    levels = np.linspace(0, top, 64).astype(np.uint16).reshape(8, 8)
    Image.fromarray(levels).save(tmp_path / "deep.png")
    assert look("deep.png", tmp_path) == odd


def test_a_photo_that_cannot_be_read_is_refused_by_its_row(tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"no picture")
    with pytest.raises(MediaError, match="not a picture"):
        look("no.png", tmp_path, row=3)
