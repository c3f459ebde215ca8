"""Near-duplicates of a table: told by `check`, kept on one side, refused with --no-group; two answers to one are a warning."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from injerto.learning.division import divide
from injerto.progress import Silent
from injerto.schema.twins import twins_in
from injerto.schema.wishes import Wishes, declare
from injerto.table.table import Table
from made_media import sound, textured
from said import Call, caller

RATE_HZ = 16_000
PHOTOS, COPIES = 24, 8


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


def cropped(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    height, width = pixels.shape[:2]
    Image.fromarray(pixels[height // 20 :, width // 20 :]).save(file, "JPEG", quality=60)
    return file.getvalue()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos of moss and fern, the first of them once more, cropped; one copy has the other name."""
    folder = tmp_path_factory.mktemp("plants")
    rows = []
    for number in range(PHOTOS):
        pixels, kind = textured(seed=number), ("moss", "fern")[number % 2]
        Image.fromarray(pixels).save(folder / f"{number}.png")
        rows.append({"photo": f"{number}.png", "kind": kind})
        if number < COPIES:
            (folder / f"copy{number}.jpg").write_bytes(cropped(pixels))
            rows.append({"photo": f"copy{number}.jpg", "kind": "fern" if number == 0 else kind})
    pl.DataFrame(rows).write_csv(folder / "plants.csv")
    return folder / "plants.csv"


def test_check_tells_them_and_the_one_with_two_answers(injerto: Call, photos: Path) -> None:
    said = injerto("check", photos, "--target", "kind")
    assert said.code == 0
    assert (
        "note: 16 of 32 photos in 'photo' are near-duplicates of others, such as '0.png' and 'copy0.jpg' (rows 0 and 1)."
        in (said.err)
    )
    assert "They stay on one side of the split; --no-group divides all rows by chance." in said.err
    assert "warning: Input 'photo': near-duplicate photos have different answers in 'kind' in 1 case" in said.err
    assert "'0.png': 'moss' and 'copy0.jpg': 'fern' (rows 0 and 1). Correct the labels." in said.err


def test_no_group_looks_for_none(injerto: Call, photos: Path) -> None:
    said = injerto("check", photos, "--target", "kind", "--no-group")
    assert said.code == 0 and "near-duplicate" not in said.err
    table = Table.read(photos)
    assert twins_in(declare(table, Wishes(("kind",), no_group=True)), table, Silent()) == []


def test_no_split_tears_them(photos: Path) -> None:
    table = Table.read(photos)
    for seed in range(5):
        division = divide(table, declare(table, Wishes(("kind",), seed=seed)), Silent())
        side = np.zeros(len(table), dtype=np.int64)
        side[division.rows.tune], side[division.rows.test] = 1, 2
        assert (side[0 : 2 * COPIES : 2] == side[1 : 2 * COPIES : 2]).all()
        assert "16 of 32 photos in 'photo' are near-duplicates" in division.rows.reason


def test_sounds_that_overlap_stay_together_and_bad_files_are_like_nothing(tmp_path: Path) -> None:
    random, rows = np.random.default_rng(0), []
    for number in range(12):
        long = (0.2 * random.normal(size=3 * RATE_HZ)).astype(np.float32)
        for part, start in enumerate((0, RATE_HZ)[: 1 + number % 2]):
            name = f"{'abcdefghijkl'[number]}{'xy'[part]}.wav"
            (tmp_path / name).write_bytes(sound(long[start : start + 2 * RATE_HZ], RATE_HZ))
            rows.append((name, ("wren", "jay")[number // 2 % 2], number))
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    rows.append(("bad.wav", "jay", 99))
    table = Table.of({"clip": [row[0] for row in rows], "call": [row[1] for row in rows]}, folder=tmp_path)
    schema = declare(table, Wishes(("call",)))
    (found,) = twins_in(schema, table, Silent())
    numbers = [row[2] for row in rows]
    together = [(numbers[one], numbers[other]) for one, other in zip(found.first, found.second, strict=True)]
    assert together == [(number, number) for number in range(1, 12, 2)]
    assert (found.groups >= 0).sum() == 12
    assert "12 of 19 sounds in 'clip' are near-duplicates of others" in divide(table, schema, Silent()).rows.reason


def test_clips_of_one_recording_that_overlap_are_found(tmp_path: Path) -> None:
    long = (0.2 * np.random.default_rng(1).normal(size=8 * RATE_HZ)).astype(np.float32)
    (tmp_path / "day.wav").write_bytes(sound(long, RATE_HZ))
    times = {"start_s": [0.0, 1.0, 4.0], "end_s": [2.0, 3.0, 6.0]}
    table = Table.of({"file": ["day.wav"] * 3, "call": ["wren", "wren", "jay"], **times}, folder=tmp_path)
    schema = declare(table, Wishes(("call",), inputs=("file:sound",)))
    found = twins_in(schema, table, Silent())
    assert [(one.first.tolist(), one.second.tolist()) for one in found] == [([0], [1])]
