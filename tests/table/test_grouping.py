"""Rows that belong together by a column, a part of its cells, or the moment a photo was taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from injerto.table.bursts import bursts
from injerto.table.group_names import group_names
from injerto.table.grouping import Grouping
from injerto.table.name_time import name_time
from injerto.table.photo_time import photo_time
from injerto.table.table import Table

MOMENT = 1714558500.0
"""2024-05-01 10:15:00 UTC."""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("IMG_20240501_101500.jpg", ("IMG_", MOMENT)),
        ("west/PXL_20240501_101500123.jpg", ("west/PXL_", MOMENT)),
        ("2024-05-01 10.15.00.jpg", ("", MOMENT)),
        ("Photo 2024-05-01T10:15:00Z.png", ("Photo ", MOMENT)),
        ("WhatsApp Image 2024-05-01 at 10.15.00.jpeg", ("WhatsApp Image ", MOMENT)),
        ("20240501101500.jpg", ("", MOMENT)),
        ("IMG-20240501-WA0001.jpg", None),  # a day is no moment
        ("IMG_20241301_101500.jpg", None),  # no thirteenth month
        ("1030023514_aad5c608f9.jpg", None),
        ("920240501101500123456.jpg", None),
    ],
)
def test_the_time_in_a_name(name: str, said: tuple[str, float] | None) -> None:
    assert name_time(name) == said


def photo(path: Path, taken: str, camera: str = "Canon") -> None:
    picture = Image.new("RGB", (8, 8))
    tags = picture.getexif()
    tags[0x010F] = camera
    tags.get_ifd(0x8769)[0x9003] = taken
    picture.save(path, exif=tags)


def test_the_time_in_a_header(tmp_path: Path) -> None:
    photo(tmp_path / "a.jpg", "2024:05:01 10:15:00")
    photo(tmp_path / "b.jpg", "0000:00:00 00:00:00")
    (tmp_path / "c.jpg").write_bytes(b"\xff\xd8\xff no photo")
    Image.new("RGB", (8, 8)).save(tmp_path / "d.png")
    assert photo_time("a.jpg", tmp_path) == ("Canon", MOMENT)
    for name in ("b.jpg", "c.jpg", "d.png", "absent.jpg", "ftp://somewhere/e.jpg"):
        assert photo_time(name, tmp_path) is None, name


def test_a_burst_is_a_chain_of_photos_of_one_camera(tmp_path: Path) -> None:
    for name, second, camera in [
        ("a", 0, "Canon"),
        ("b", 8, "Canon"),
        ("c", 16, "Canon"),
        ("d", 27, "Canon"),
        ("e", 9, "Nikon"),
    ]:
        photo(tmp_path / f"{name}.jpg", f"2024:05:01 10:15:{second:02d}", camera)
    names = [f"{name}.jpg" for name in "edcba"] + ["absent.jpg"]
    assert bursts(names, tmp_path, 10) == {
        "a.jpg": "a.jpg",
        "b.jpg": "a.jpg",
        "c.jpg": "a.jpg",
        "d.jpg": "d.jpg",
        "e.jpg": "e.jpg",
    }


def test_folders_are_of_different_cameras() -> None:
    names = ["east/IMG_20240501_101500.jpg", "west/IMG_20240501_101502.jpg", "east/IMG_20240501_101504.jpg"]
    found = bursts(names, Path(), 10)
    assert found[names[0]] == found[names[2]] != found[names[1]]


def test_a_part_is_the_bracket_or_all_that_fits() -> None:
    clips = Table.of({"clip": ["101-3-0.wav", " 101-3-1.wav ", "77-3-0.wav", "rain.wav", None, " "]})
    assert group_names(Grouping("clip", part="^([0-9]+)-"), clips).to_list() == ["101", "101", "77", "rain.wav", None, None]
    assert group_names(Grouping("clip", part="^[0-9]+-"), clips).to_list()[:3] == ["101-", "101-", "77-"]
    assert group_names(Grouping("clip"), clips).to_list()[4:] == [None, " "]


def test_how_it_is_asked_for() -> None:
    assert Grouping("clip", part="^(.)").options == "--group clip --group-part '^(.)'"
    assert Grouping("photo", seconds=10.0).options == "--group photo --group-seconds 10"
    assert Grouping("nest").options == "--group nest"
    assert "within 10 seconds" in Grouping("photo", seconds=10.0).words
