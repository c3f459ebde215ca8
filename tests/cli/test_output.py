import os
from pathlib import Path

import pytest

from injerto.cli.output import new_file, new_folder
from injerto.errors import OutputError
from injerto.whole_file import write_whole


def test_an_ending_without_a_format_is_refused_and_the_formats_are_named(tmp_path: Path):
    with pytest.raises(OutputError, match=r"answers.xlsx' ends in '.xlsx'.* Use one of: .csv, .parquet"):
        new_file(tmp_path / "answers.xlsx", suffixes=(".csv", ".parquet"), force=False)
    with pytest.raises(OutputError, match="answers' has no ending"):
        new_file(tmp_path / "answers", suffixes=(".csv",), force=False)


def test_a_folder_is_no_file_and_a_file_no_folder(tmp_path: Path):
    folder, file = tmp_path / "a.csv", tmp_path / "b"
    folder.mkdir()
    file.write_text("x")
    with pytest.raises(OutputError, match=r"is a folder. Give the name of a file in it"):
        new_file(folder, suffixes=(".csv",), force=True)
    with pytest.raises(OutputError, match=r"is a file. Give the name of a folder"):
        new_folder(file, force=True)


def test_what_exists_is_kept_unless_forced(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text("mine")
    with pytest.raises(OutputError, match=r"exists already. Give another name, or --force"):
        new_file(file, suffixes=(".csv",), force=False)
    new_file(file, suffixes=(".csv",), force=True)
    assert file.read_text() == "mine"
    with pytest.raises(OutputError, match=r"folder .* exists already"):
        new_folder(tmp_path, force=False)
    new_folder(tmp_path, force=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    new_folder(empty, force=False)


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match=r"cannot be made: '.*file' is a file, not a folder"):
        new_file(tmp_path / "file" / "answers.csv", suffixes=(".csv",), force=False)


def test_a_folder_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere
    with pytest.raises(OutputError, match="there is no permission to write in"):
        new_file(tmp_path / "a.csv", suffixes=(".csv",), force=False)


def test_a_file_is_whole_or_not_there(tmp_path: Path):
    place = tmp_path / "a.csv"
    place.write_bytes(b"before")

    def half(file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"a.csv' cannot be written: No space left on device"):
        write_whole(place, half)
    assert place.read_bytes() == b"before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]
    write_whole(place, lambda file: file.write(b"after"))
    assert place.read_bytes() == b"after"
    assert place.stat().st_mode & 0o444 == 0o444


def test_a_full_disk_is_an_error_with_a_sentence(tmp_path: Path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    place = tmp_path / "a.csv"
    place.symlink_to(full)
    with pytest.raises(OutputError, match=r"a.csv' cannot be written: No space left on device"):
        write_whole(place, lambda file: file.write(b"x" * 100_000))


def test_folders_that_are_not_there_are_made(tmp_path: Path):
    place = tmp_path / "new" / "deep" / "a.csv"
    new_file(place, suffixes=(".csv",), force=False)
    write_whole(place, lambda file: file.write(b"x"))
    assert place.read_bytes() == b"x"


def test_a_device_is_no_place_for_a_folder():
    with pytest.raises(OutputError, match=r"is a device or a pipe. Give the name of a folder"):
        new_folder(Path(os.devnull), force=True)
