"""Where the photos of a file of annotations lie."""

from pathlib import Path

import pytest

from injerto.table.keypoints.photo_folder import with_folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path


def put(place: Path, *names: str) -> None:
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).touch()


@pytest.mark.parametrize(
    ("file", "photos", "prefix"),
    [
        ("a.json", ["1.jpg", "2.jpg", "x/1.jpg"], ""),
        ("a.json", ["images/1.jpg", "images/2.jpg"], "images"),
        ("a.json", ["images/val/1.jpg", "images/val/2.jpg"], "images/val"),
        ("a.json", ["one/1.jpg", "both/1.jpg", "both/2.jpg"], "both"),
        ("person_keypoints_val2017.json", ["train2017/1.jpg", "train2017/2.jpg", "val2017/1.jpg", "val2017/2.jpg"], "val2017"),
        ("annotations/a.json", ["train/1.jpg", "train/2.jpg"], "../train"),
        ("annotations/a.json", ["images/train/1.jpg", "images/train/2.jpg"], "../images/train"),
        ("annotations/a.json", ["1.jpg", "2.jpg"], ".."),
    ],
)
def test_the_folder_that_holds_most_is_taken(place: Path, file: str, photos: list[str], prefix: str) -> None:
    put(place, file, *photos)
    found, notes = with_folder(["1.jpg", "2.jpg", "1.jpg"], place / file)
    start = f"{prefix}/" if prefix else ""
    assert found == [f"{start}1.jpg", f"{start}2.jpg", f"{start}1.jpg"]
    assert notes == ([f"The photos were found in the folder {prefix}."] if prefix else [])


def test_of_two_that_hold_as_many_none_is_taken(place: Path) -> None:
    put(place, "a.json", "x/1.jpg", "y/1.jpg")
    found, notes = with_folder(["1.jpg"], place / "a.json")
    assert found == ["1.jpg"]
    assert notes[0].startswith("Photos of these names, such as 1.jpg, lie in several folders: x, y.")


def test_nowhere(place: Path) -> None:
    put(place, "project/a.json", "other/1.jpg")
    found, notes = with_folder(["1.jpg"], place / "project/a.json")
    assert found == ["1.jpg"]
    assert notes == ["The photos, such as 1.jpg, lie neither beside a.json nor in a folder beside it."]


def test_paths_with_folders_and_from_windows(place: Path) -> None:
    put(place, "a.json", "images/site/1.jpg")
    assert with_folder(["site/1.jpg"], place / "a.json")[0] == ["images/site/1.jpg"]
    assert with_folder(["images\\site\\1.jpg"], place / "a.json") == (["images\\site\\1.jpg"], [])


def test_a_full_path_stays(place: Path) -> None:
    put(place, "a.json", "images/1.jpg")
    full = str(place / "images" / "1.jpg")
    assert with_folder([full, "1.jpg"], place / "a.json")[0] == [full, "images/1.jpg"]


def test_many_photos_are_judged_by_some(place: Path) -> None:
    names = [f"{number}.jpg" for number in range(500)]
    put(place, "a.json", *(f"images/{name}" for name in names))
    assert with_folder(names, place / "a.json")[0][499] == "images/499.jpg"
