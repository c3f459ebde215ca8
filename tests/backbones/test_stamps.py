import os
import time
from pathlib import Path

from injerto.backbones.stamps import stamp_of


def settled(path: Path, seconds: float = 100) -> Path:
    """ctime cannot be set, so time itself is moved in the tests that need a settled file."""
    os.utime(path, (time.time() - seconds, time.time() - seconds))
    return path


def test_a_fresh_file_has_no_stamp(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"abc")
    settled(tmp_path / "a.jpg")  # its own time is set back, but the system remembers the change
    assert stamp_of("a.jpg", tmp_path) is None


def test_a_settled_file_has_one_until_it_changes(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"abc")
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    first = stamp_of("a.jpg", tmp_path)
    assert first is not None
    assert first == stamp_of(str(file), Path("/elsewhere"))
    file.write_bytes(b"abd")  # as long as before
    assert stamp_of("a.jpg", tmp_path) != first


def test_cells_that_are_no_files(tmp_path: Path) -> None:
    for cell in (b"bytes", {"path": "a.jpg"}, None, "missing.jpg", "nul\0byte", "0 0 0 0 0 0 0 0"):
        assert stamp_of(cell, tmp_path) is None
