"""Cells to bytes: paths, structs, and every way not to find a file."""

import os
from pathlib import Path

import pytest

from injerto.errors import MediaError
from injerto.places import opened
from injerto.table import cell_bytes
from injerto.table.cell_bytes import NOWHERE, address_of, is_media, media_bytes, media_name, path_of


def reason(cell: object, folder: Path) -> str:
    with pytest.raises(MediaError) as caught:
        media_bytes(cell, folder)
    return caught.value.reason


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "bee_01.jpg").write_bytes(b"bee")
    return tmp_path


def test_paths_from_the_folder_absolute_and_from_windows(folder: Path) -> None:
    for cell in ("photos/bee_01.jpg", str(folder / "photos/bee_01.jpg"), "photos\\bee_01.jpg", Path("photos/bee_01.jpg")):
        assert media_bytes(cell, folder) == b"bee"


def test_bytes_of_every_kind(folder: Path) -> None:
    for cell in (b"x", bytearray(b"x"), memoryview(b"x"), {"bytes": b"x"}, {"bytes": b"x", "path": "nix"}):
        assert media_bytes(cell, folder) == b"x"
    assert media_bytes("1 2 3 4", folder) == b"1 2 3 4"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("photos/Bee_01.JPG", "no such file: the folder has 'bee_01.jpg', spelled otherwise"),
        ("photos/bee_02.jpg", "no such file: Did you mean 'bee_01.jpg'?"),
        ("photos/whale.png", "no such file"),
        ("photo/bee_01.jpg", "no such file: the folder "),
        ("photos", "a folder, not a file"),
        ("ftp://example.org/a.jpg", "an internet address: addresses of ftp:// are not read; known: s3://"),
        ("file:///etc/passwd", "an internet address: addresses of file:// are not read"),
        ("https://", "an internet address: https:// names no bucket and no host"),
        ("data:image/png;base64,AAAA", "an internet address: data: is not read"),
        ("1 2 3 4 5.jpg", "no such file"),  # a path, though it begins as grey levels do
        ("a\0b.jpg", "not a path: "),
        ("x" * 5000, "not a path: File name too long"),
        (None, "empty cell"),
        (" ", "empty cell"),
        ({"bytes": None, "path": None}, "empty cell"),
        (3.5, "not a path: the cell holds 3.5"),
        (b"", "zero bytes"),
    ],
)
def test_reasons(folder: Path, cell: object, expected: str) -> None:
    assert reason(cell, folder).startswith(expected)


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jpg")
    assert reason("pipe.jpg", folder) == "not a regular file"


def test_a_file_without_rights(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(opened, "open_raw", refuse)
    assert reason("photos/bee_01.jpg", folder) == "no permission to read"
    monkeypatch.setattr(cell_bytes, "_mode", refuse)
    assert reason("photos/bee_01.jpg", folder) == "no permission to read"


def test_names_are_short() -> None:
    assert media_name("a/b.jpg") == "a/b.jpg"
    assert media_name({"path": "b.jpg", "bytes": b"123"}) == "b.jpg"
    assert media_name({"path": None, "bytes": b"123"}) == "(3 bytes in the table)"
    assert media_name("12 13 14 15 16 17") == "(grey levels in the table)"
    assert media_name(None) == ""
    assert len(media_name("x" * 1000)) == 200


def test_the_path_of_a_cell() -> None:
    assert path_of("a.wav") == path_of({"bytes": None, "path": "a.wav", "start_s": 1.0}) == "a.wav"
    for cell in (None, " ", b"bytes", "1 2 3 4 5", {"bytes": b"a", "path": "a.wav"}, {"path": None}):
        assert path_of(cell) is None


@pytest.mark.parametrize("cell", ["a.jpg", "/etc/passwd", "../a.jpg", "s3://bucket/a.jpg", "https://127.0.0.1/a.jpg"])
def test_a_table_of_a_stranger_opens_nothing(cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NOWHERE).mkdir()
    (tmp_path / NOWHERE / "a.jpg").write_bytes(b"secret")
    monkeypatch.chdir(tmp_path)
    assert reason(cell, NOWHERE) == "not opened here: the cells of this table name no files"
    assert reason({"bytes": None, "path": cell}, NOWHERE).startswith("not opened here")
    assert address_of(cell, NOWHERE) is None
    assert not is_media(cell, NOWHERE)
