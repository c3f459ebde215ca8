"""`injerto recipe individuals` as the shell calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from made_heads import heads
from said import Call, caller


@pytest.fixture
def individuals(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch, "recipe", "individuals")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    heads(tmp_path, 40).write_csv(tmp_path / "animals.csv")
    return tmp_path / "animals.csv"


@pytest.mark.slow
def test_one_command_trains_the_chain(individuals: Call, table: Path, tmp_path: Path):
    out = tmp_path / "animals.recipe"
    said = individuals(table, "--target", "animal", "--budget", 4, "--out", out, "--json")
    told = json.loads(said.out)
    assert told["recipe"] == str(out)
    assert set(told["scores"]) == {"rows", "locator", "pointer", "identifier"}
    assert said.code == (3 if told["unusable"] else 0)
    assert (out / "index.html").is_file()
    said = individuals(table, "--target", "animal", "--budget", 4, "--out", out)
    assert "The identifier stands already, and is kept." in said.err
    assert "Page to open:" in said.err
    assert "iou_median" in said.out
    said = individuals(table, "--target", "animal", "--budget", 5, "--out", out)
    assert said.code == 1
    assert "holds a recipe of other rows or options" in said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--target", "anmal"], "has no column 'anmal'. Did you mean 'animal'?"),
        (["--target", "animal", "--points", "nose,nap"], "no columns nap_x and nap_y. Did you mean 'nape'?"),
        (["--target", "animal", "--points", "nose"], "The recipe needs two points"),
        (["--target", "animal", "--box", "box_x,box_y,box_w,box_height"], "no column 'box_w' of a box"),
        (["--target", "animal", "--sighting", "sightin"], "has no column 'sightin'"),
        (["--target", "animal", "--photo", "foto"], "has no column 'foto'. Did you mean 'photo'?"),
    ],
)
def test_mistakes_are_told_before_work_begins(individuals: Call, table: Path, tmp_path: Path, words: list[str], message: str):
    said = individuals(table, *words, "--out", tmp_path / "out")
    assert said.code == 1
    assert message in said.err
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_else_is_left_alone(individuals: Call, table: Path, tmp_path: Path):
    said = individuals(table, "--target", "animal", "--out", tmp_path, "--force")
    assert said.code == 1
    assert "exists and is no recipe of Injerto" in said.err
