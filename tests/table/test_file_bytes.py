"""A file in parts is the file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from injerto.errors import MediaError
from injerto.table import file_bytes
from injerto.table.file_bytes import Bounded, FileBytes, Fronted


def test_every_part_is_that_of_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(range(250))
    (tmp_path / "a").write_bytes(content)
    monkeypatch.setattr(file_bytes, "WINDOW_BYTES", 16)
    found = FileBytes(tmp_path / "a")
    assert len(found) == 250
    for start, stop in [(0, 4), (10, 20), (12, 14), (200, 999), (3, 5), (100, 180), (250, 260), (8, 4)]:
        assert found[start:stop] == content[start:stop]


def test_what_is_no_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(MediaError, match=r"^zero bytes$"):
        FileBytes(tmp_path / "empty")
    with pytest.raises(MediaError, match=r"^no such file$"):
        FileBytes(tmp_path / "nothing")


def test_a_front_stands_before_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    whole = b"front" + b"3456789"
    with io.BufferedReader(Fronted(b"front", tmp_path / "a", 3), 4) as found:
        assert found.read() == whole
        for start in (0, 3, 5, 11, 12):
            assert found.seek(start) == found.tell() == start
            assert found.read(4) == whole[start : start + 4]
        assert found.seek(-2, io.SEEK_END) == 10
        assert found.read() == b"89"


def test_a_place_before_the_beginning_is_no_place() -> None:
    found = Bounded(io.BytesIO(b"0123456789"))
    assert found.seek(4) == 4
    assert found.seek(-1) == 4
    assert found.seek(-5, io.SEEK_CUR) == 4
    assert found.seek(-11, io.SEEK_END) == 4
    assert (found.seek(-2, io.SEEK_END), found.read(9)) == (8, b"89")
    assert found.tell() == 10
