"""`check` shows what it found whatever becomes of the file it is to write."""

import json
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from injerto.cli.app import run
from injerto.cli.exits import PROBLEM

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    place = tmp_path / "birds.csv"
    rows = [f"{10 + row % 7},{'wren' if row % 2 else 'jay'},x" for row in range(60)]
    place.write_text("\n".join(["mass,species,same", *rows]))
    return place


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line as the shell calls it: exit code, stdout, stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["injerto", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            run()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return call


def test_the_draft_is_written_after_the_result(injerto: Run, birds: Path) -> None:
    place = birds.with_name("birds.toml")
    code, _, err = injerto("check", birds, "--target", "species", "--write", place)
    assert code == 0
    assert tomllib.loads(place.read_text(encoding="utf-8"))["targets"]["species"]["kind"] == "class"
    assert err.index("1 note") < err.index("Draft schema written to")
    assert "note: Column 'same' is left out: constant: 'x' in every row." in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_does_not_cost_the_result(injerto: Run, birds: Path) -> None:
    place = birds.with_name("birds.toml")
    place.symlink_to("/dev/full")
    code, out, err = injerto("check", birds, "--target", "species", "--json", "--write", place, "--force")
    assert code == PROBLEM
    assert json.loads(out)["ready"] is True
    assert "birds.toml' cannot be written: No space left on device." in err
    assert "Traceback" not in err


def test_what_stood_there_is_kept_when_the_write_fails(injerto: Run, birds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = birds.with_name("birds.toml")
    place.write_text("mine")

    def refused(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("injerto.whole_file.tempfile.mkstemp", refused)
    code, out, err = injerto("check", birds, "--target", "species", "--write", place, "--force")
    assert (code, place.read_text()) == (PROBLEM, "mine")
    assert "to predict: class" in out
    assert "birds.toml' cannot be written: Permission denied." in err


def test_a_quick_look_opens_no_photo(injerto: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"none")
    table = tmp_path / "photos.csv"
    table.write_text("photo,kind\n" + "broken.jpg,a\nmissing.jpg,b\n" * 12, encoding="utf-8")
    words = ("check", table, "--target", "kind", "--json")
    found = json.loads(injerto(*words)[1])
    assert {one["file"] for one in found["unreadable"]} == {"broken.jpg", "missing.jpg"}
    quick = json.loads(injerto(*words, "--quick")[1])
    assert quick["unreadable"] == []
    assert quick["ready"]
    table.write_text("photo,kind\n" + "lost.jpg,a\nmissing.jpg,b\n" * 12, encoding="utf-8")
    lost = json.loads(injerto(*words, "--input", "photo:image", "--quick")[1])
    assert any("looked for exists" in one["message"] for one in lost["problems"] if one["severity"] == "error")
