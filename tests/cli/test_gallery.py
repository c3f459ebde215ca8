"""`injerto gallery` as a person and as a script meet it, on folders; vectors come from a stand-in for the network."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image
from torch import Tensor

import injerto
from injerto import enlarge
from injerto.artifact.artifact import Artifact
from injerto.errors import MediaError
from injerto.gallery.entries import PhotoColumns
from injerto.gallery.gallery import Gallery
from injerto.progress import Progress
from injerto.table.ledger import Ledger
from injerto.table.media import read_pixels
from injerto.table.table import Table
from made_gallery import at_angles, photos
from said import Call, caller
from small import birds


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch, "gallery")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with a gallery of four photos; one of birds without a gallery beside it."""
    folder = tmp_path_factory.mktemp("gallery")
    model = injerto.train(birds(60), "species", seed=3, budget_seconds=1, out=folder / "birds")
    frame = photos(["Luna", "Luna", "Luna", "[b]Sol"], sighting=["dawn", "dawn", "noon", None])
    gallery = Gallery.empty(3, made_by="network a")
    angles = torch.cat([at_angles(0, 10, 20, 90), torch.zeros(4, 1)], dim=1)
    model.artifact.gallery = gallery.added(frame, angles).gallery
    model.save(folder / "whales")
    return folder


@pytest.fixture
def whales(kept: Path, tmp_path: Path) -> Path:
    shutil.copytree(kept / "whales", tmp_path / "whales")
    return tmp_path / "whales"


def names(folder: Path) -> list[str]:
    return injerto.load(folder).gallery.individuals


@pytest.fixture
def season(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of photos, and mean colours for vectors."""
    for name, colour in {"red": (250, 10, 10), "green": (10, 250, 10), "blue": (10, 10, 250), "dark": (1, 1, 1)}.items():
        Image.fromarray(np.full((30, 40, 3), colour, dtype=np.uint8)).save(tmp_path / f"{name}.png")
    pl.DataFrame(
        {
            "whale": ["Luna", "Mar", None, "Tor", "Dark"],
            "file": ["red.png", "green.png", "blue.png", "gone.png", "dark.png"],
            "trip": ["a", "b", "c", "d", "e"],
        }
    ).write_csv(tmp_path / "season.csv")

    def columns_of(artifact: Artifact) -> PhotoColumns:
        return PhotoColumns("individual", "file", sighting="trip")

    def vectors_of(artifact: Artifact, table: Table, progress: Progress) -> tuple[np.ndarray, Tensor, Ledger]:
        column, ledger, rows, vectors = table.column("file"), Ledger(), [], []
        for row in range(len(table)):
            pixels = read_pixels(column.cell(row), table.folder)
            if pixels.max() < 5:
                ledger.add(column.row(row), "file", str(column.cell(row)), MediaError("no animal is seen").reason)
                continue
            rows.append(row)
            vectors.append(torch.from_numpy(pixels.reshape(-1, 3).mean(axis=0)).float())
        return np.array(rows, dtype=np.int64), torch.stack(vectors) if vectors else torch.zeros(0, 3), ledger

    monkeypatch.setattr(enlarge, "columns_of", columns_of)
    monkeypatch.setattr(enlarge, "vectors_of", vectors_of)
    return tmp_path / "season.csv"


def test_list_shows_photos_and_sightings_and_warns_of_single_photos(call: Call, whales: Path) -> None:
    said = call("list", whales)
    assert said.code == 0
    assert "2 individuals, 4 photos" in said.out
    assert "Luna" in said.out
    assert "[b]Sol" in said.out
    assert "Note: of 1 there is one photo only: [b]Sol." in said.err


def test_list_as_json_names_every_photo(call: Call, whales: Path) -> None:
    told = json.loads(call("list", whales, "--json").out)
    assert told["photos"] == 4
    luna = told["individuals"][0]
    assert luna["name"] == "Luna"
    assert luna["sightings"] == 2
    assert [photo["photo"] for photo in luna["photos"]] == ["0.jpg", "1.jpg", "2.jpg"]
    assert luna["photos"][0].keys() == {"photo", "sighting", "flank", "digest", "added", "origin"}


@pytest.mark.parametrize("verb", [["list"], ["remove", "x"], ["rename", "x", "y"], ["add", "TABLE"]])
def test_a_model_without_a_gallery_says_so(call: Call, kept: Path, season: Path, verb: list[str]) -> None:
    said = call(verb[0], kept / "birds", *(season if word == "TABLE" else word for word in verb[1:]))
    assert said.code == 1
    assert "This model answers 'species' (class) and keeps no gallery" in said.err


def test_added_photos_are_in_the_folder_and_every_other_row_is_told(call: Call, whales: Path, season: Path) -> None:
    said = call("add", whales, season, "--individual", "whale")
    assert said.code == 3
    assert "2 rows could not be used" in said.err
    assert "row 3, file: gone.png: no such file" in said.err
    assert "row 4, file: dark.png: no animal is seen" in said.err
    assert "Problem: The photo 'blue.png' names no individual and was not added." in said.err
    assert "2 photos added. The gallery holds 3 individuals, 6 photos." in said.err
    gallery = injerto.load(whales).gallery
    assert gallery.individuals == ["Luna", "Mar", "[b]Sol"]
    added = gallery.photos.filter(pl.col("photo") == "green.png").row(0, named=True)
    assert (added["individual"], added["sighting"], added["origin"]) == ("Mar", "b", "season")
    assert added["thumbnail"].startswith(b"\xff\xd8")
    green = gallery.vectors[gallery.photos["photo"].to_list().index("green.png")]
    assert green.argmax() == 1


def test_the_same_table_again_adds_nothing_and_writes_nothing(call: Call, whales: Path, season: Path) -> None:
    call("add", whales, season, "--individual", "whale")
    before = (whales / "injerto.json").stat().st_mtime_ns
    said = call("add", whales, season, "--individual", "whale", "--json")
    told = json.loads(said.out)
    assert said.code == 3
    assert told["photos"] == 0
    assert told["notes"] == ["2 photos are in the gallery already and passed over: red.png, green.png."]
    assert [entry["row"] for entry in told["unused"]] == [3, 4]
    assert told["gallery"] == {"individuals": 3, "photos": 6}
    assert (whales / "injerto.json").stat().st_mtime_ns == before


def test_a_missing_column_of_names_gets_the_nearest(call: Call, whales: Path, season: Path) -> None:
    said = call("add", whales, season, "--individual", "whales")
    assert said.code == 1
    assert "has no column 'whales'. Did you mean 'whale'?" in said.err


def test_a_model_of_something_else_adds_nobody(call: Call, whales: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("individual,file\nLuna,a.jpg\n")
    said = call("add", whales, tmp_path / "t.csv")
    assert said.code == 1
    assert "This model answers 'species' (class) and tells no individuals apart" in said.err


def test_removed(call: Call, whales: Path) -> None:
    said = call("remove", whales, "[b]Sol", "1.jpg")
    assert said.code == 0
    assert "2 photos removed. The gallery holds 1 individual, 2 photos." in said.err
    assert "Note: No photo is left of [b]Sol." in said.err
    assert names(whales) == ["Luna"]


def test_a_name_that_is_not_there_gets_the_nearest_and_nothing_is_removed(call: Call, whales: Path) -> None:
    said = call("remove", whales, "Luna", "[b]Soll")
    assert said.code == 1
    assert "no individual and no photo '[b]Soll'. Did you mean '[b]Sol'?" in said.err
    assert names(whales) == ["Luna", "[b]Sol"]


def test_renamed_and_joined(call: Call, whales: Path) -> None:
    assert "3 photos of 'Estrella' now" in call("rename", whales, "Luna", "Estrella").err
    told = json.loads(call("rename", whales, "[b]Sol", "Estrella", "--json").out)
    assert told["notes"] == ["'[b]Sol' and 'Estrella' are one individual now, 'Estrella'."]
    assert told["gallery"] == {"individuals": 1, "photos": 4}
    assert names(whales) == ["Estrella"]
    said = call("rename", whales, "Estrela", "x")
    assert said.code == 1
    assert "Did you mean 'Estrella'?" in said.err


def test_merged_with_a_copy_that_grew_elsewhere(call: Call, whales: Path, season: Path) -> None:
    field = whales.with_name("field")
    shutil.copytree(whales, field)
    call("add", field, season, "--individual", "whale")
    said = call("merge", whales, field)
    assert said.code == 0
    assert "2 photos added. The gallery holds 3 individuals, 6 photos." in said.err
    assert "taken for the same: Luna, [b]Sol." in said.err
    assert names(whales) == names(field)


def test_two_spellings_need_a_look(call: Call, whales: Path) -> None:
    said = call("rename", whales, "[b]Sol", "luna")
    assert said.code == 3
    assert "Problem: 'Luna' and 'luna' differ only in case or punctuation" in said.err
    assert names(whales) == ["Luna", "luna"]


def test_a_gallery_of_another_network_is_not_merged(call: Call, whales: Path) -> None:
    other = injerto.load(whales)
    other.artifact.gallery = Gallery.empty(3, made_by="network b")
    other.save(whales.with_name("other"))
    said = call("merge", whales, whales.with_name("other"))
    assert said.code == 1
    assert "was made by another network" in said.err


def test_a_person_without_a_verb_is_shown_them(call: Call) -> None:
    said = call()
    assert all(verb in said.out + said.err for verb in ("list", "add", "remove", "rename", "merge"))
