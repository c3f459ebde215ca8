"""Bad tables of individuals through the front door: each is said before training, and what a person should do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from made_animals import Columns, animals, written
from said import Call, caller

WHO = ("--target", "animal:individual")


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("herd")


@pytest.fixture(scope="module")
def good(folder: Path) -> Columns:
    return animals(folder, individuals=3, each=4)


def without(columns: Columns, *names: str) -> Columns:
    return {column: cells for column, cells in columns.items() if column not in names}


WRONG = {
    "no photos": (lambda c: without(c, "photo"), (), "has no column of photos to tell individuals by"),
    "two columns of photos": (
        lambda c: c | {"back": c["photo"][::-1]},
        (),
        "but 'photo', 'back' are all photos. Leave the others out with --drop.",
    ),
    "a single individual": (lambda c: c | {"animal": ["Luna"] * 12}, (), "'animal'"),
    "nobody": (lambda c: c | {"animal": [None] * 12}, (), "'animal'"),
    "blank names": (lambda c: c | {"animal": [" "] * 12}, (), "'animal'"),
    "everybody once": (
        lambda c: c | {"animal": [f"a{row}" for row in range(12)]},
        (),
        "every individual has one sighting only",
    ),
    "no such sighting": (lambda c: c, ("--sighting", "sigthing"), "has no column 'sigthing'. Did you mean 'sighting'?"),
    "no such flank": (lambda c: c, ("--flank", "flanc"), "has no column 'flanc'. Did you mean 'flank'?"),
    "a probe": (lambda c: c, ("--mode", "probe"), "Individuals have no probe"),
    "two columns of individuals": (
        lambda c: c | {"calf": c["animal"]},
        ("--target", "calf:individual"),
        "A model tells apart the individuals of one column, but 'animal' and 'calf' are asked for",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_table_is_refused_before_training(injerto: Call, folder: Path, good: Columns, wrong: str) -> None:
    change, words, message = WRONG[wrong]
    place = written(folder, change(good), "wrong.csv")
    said = injerto("train", place, *WHO, *words, "--out", folder / "wrong.model")
    assert said.code == 1, said.out
    assert message in said.err
    assert not (folder / "wrong.model").exists()
    if "--mode" not in words:  # a check does not ask how to train
        checked = injerto("check", place, *WHO, *words)
        assert checked.code == 1
        assert message in checked.err


@pytest.mark.parametrize("option", [("--sighting", "sighting"), ("--flank", "flank")])
def test_options_of_individuals_without_one(injerto: Call, folder: Path, good: Columns, option: tuple[str, str]) -> None:
    place = written(folder, good, "class.csv")
    said = injerto("check", place, "--target", "animal:class", *option)
    assert said.code == 1
    assert "options of individuals: declare the target so, as in --target animal:individual" in said.err


def test_a_check_says_what_is_taken_for_what(injerto: Call, folder: Path, good: Columns) -> None:
    said = injerto("check", written(folder, good, "good.csv"), *WHO, "--target", "size:class", "--json")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    roles = {column["name"]: (column["role"], column["kind"]) for column in found["columns"]}
    assert roles["animal"] == ("target", "individual")
    assert roles["size"] == ("target", "class")
    assert roles["photo"] == ("input", "image")
    reasons = {column["name"]: column["reason"] for column in found["columns"]}
    assert "photos of one 'sighting' are kept together" in reasons["animal"]
    assert "says which photos are of one sighting" in reasons["sighting"]
    assert found["ready"] is True


def test_two_spellings_of_one_name(injerto: Call, folder: Path, good: Columns) -> None:
    names = [name.upper() if row == 5 else name for row, name in enumerate(good["animal"])]
    said = injerto("check", written(folder, good | {"animal": names}, "spelled.csv"), *WHO)
    assert said.code == 0
    assert "ANIMAL 01" in said.out + said.err
    assert "animal 01" in said.out + said.err


def test_some_seen_once(injerto: Call, folder: Path, good: Columns) -> None:
    names = [*good["animal"][:-1], "Solo"]
    said = injerto("check", written(folder, good | {"animal": names}, "once.csv"), *WHO)
    assert said.code == 0
    assert "1 individual of 4 with one sighting only" in said.out + said.err


def test_the_same_photo_under_two_names(injerto: Call, folder: Path, good: Columns) -> None:
    photos = [*good["photo"][:-1], good["photo"][0]]
    said = injerto("check", written(folder, good | {"photo": photos}, "twice.csv"), *WHO)
    assert "00-0.png" in said.out + said.err
    assert "warning" in said.out + said.err
