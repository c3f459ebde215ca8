"""A folder per class, a flat folder, and what else people keep in folders."""

from pathlib import Path

import pytest

from injerto.errors import TableError
from injerto.table.folder import sound_files
from injerto.table.table import Table


def lay(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return root


def test_a_folder_per_class(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "bees/2.JPG",
        "bees/1.jpg",
        "ants/deep/er/3.png",
        "ants/.hidden.jpg",
        ".git/x.jpg",
        "bees/Thumbs.db",
        "read.txt",
    )
    table = Table.read(tmp_path)
    assert table.frame.to_dict(as_series=False) == {
        "file": ["ants/deep/er/3.png", "bees/1.jpg", "bees/2.JPG"],
        "class": ["ants", "bees", "bees"],
    }
    assert table.folder == tmp_path
    assert table.notes == ("Left out, being neither photos nor sounds: bees/Thumbs.db, read.txt.",)


def test_a_flat_folder_has_no_class(tmp_path: Path) -> None:
    assert Table.read(lay(tmp_path, "b.wav", "a.flac")).frame.to_dict(as_series=False) == {"file": ["a.flac", "b.wav"]}


def test_files_beside_the_class_folders_have_no_class(tmp_path: Path) -> None:
    table = Table.read(lay(tmp_path, "bees/1.jpg", "loose.jpg"))
    assert table.frame["class"].to_list() == ["bees", None]
    assert "1 files lie beside the class folders and have no class: loose.jpg" in table.notes[0]


def test_folders_of_a_split_on_top(tmp_path: Path) -> None:
    table = Table.read(lay(tmp_path, "train/bee/1.jpg", "Val/ant/2.jpg", "test/bee/3.jpg"))
    assert dict(zip(table.frame["file"], table.frame["split"], strict=True)) == {
        "train/bee/1.jpg": "train",
        "Val/ant/2.jpg": "val",
        "test/bee/3.jpg": "test",
    }
    assert table.frame["class"].to_list() == ["ant", "bee", "bee"]
    assert "sides of a split" in table.notes[0]


def test_a_class_called_train(tmp_path: Path) -> None:
    table = Table.read(lay(tmp_path, "train/1.jpg", "car/2.jpg"))
    assert table.frame["class"].to_list() == ["car", "train"]


def test_a_linked_folder_is_followed_and_a_circle_ends(tmp_path: Path) -> None:
    lay(tmp_path / "far", "1.jpg")
    lay(tmp_path / "set", "bees/2.jpg")
    (tmp_path / "set" / "ants").symlink_to(tmp_path / "far")
    (tmp_path / "set" / "bees" / "round").symlink_to(tmp_path / "set")
    assert Table.read(tmp_path / "set").frame["file"].to_list() == ["ants/1.jpg", "bees/2.jpg"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((), r"no photos and no sounds\. It is empty\. Expected a folder per class"),
        (("a/x.txt", "b/y.doc"), r"It holds a/x\.txt, b/y\.doc\."),
        (("a/x.wav", "b/y.jpg"), "mixes 1 photos and 1 sounds"),
    ],
)
def test_folders_that_are_no_tables(tmp_path: Path, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(TableError, match=message):
        Table.read(lay(tmp_path, *names))


def test_sounds_below_a_folder_are_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/1.WAV", "a/2.mp3", "a/notes.txt", "a/._2.mp3", ".trash/3.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.relative_to(tmp_path).as_posix() for path in sound_files(tmp_path)] == ["a/2.mp3", "b/1.WAV"]


def test_folders_of_classes_without_files_are_noted(tmp_path: Path) -> None:
    lay(tmp_path, "bees/1.jpg", "ants/read.txt")
    for name in ("wasps", ".hidden", "bees/inner"):
        (tmp_path / name).mkdir()
    assert Table.read(tmp_path).notes[-1] == "Without any photo or sound, and so no class: ants/, wasps/."


def test_folders_of_classes_without_files_below_the_sides_of_a_split(tmp_path: Path) -> None:
    lay(tmp_path, "train/bee/1.jpg", "test/bee/2.jpg")
    (tmp_path / "test" / "ant").mkdir()
    assert Table.read(tmp_path).notes[-1] == "Without any photo or sound, and so no class: test/ant/."


def test_a_flat_folder_beside_an_empty_one_has_no_class_to_miss(tmp_path: Path) -> None:
    lay(tmp_path, "1.jpg")
    (tmp_path / "spare").mkdir()
    assert Table.read(tmp_path).notes == ()
