"""Loose marks through the front door: animals that stand elsewhere on every photo are learned, saved, found and enlarged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import injerto as package
from injerto.likeness import Likeness
from made_animals import SIDE, Columns, animals

FARTHEST = 14


def moved(folder: Path, columns: Columns, seed: int) -> Columns:
    """The same photos, each moved by up to 14 pixels of 96."""
    generator = np.random.default_rng(seed)
    for name in columns["photo"]:
        levels = np.asarray(Image.open(folder / name))
        down, right = generator.integers(-FARTHEST, FARTHEST + 1, 2)
        rows, columns_of = np.clip(np.arange(SIDE) + down, 0, SIDE - 1), np.clip(np.arange(SIDE) + right, 0, SIDE - 1)
        Image.fromarray(levels[rows][:, columns_of]).save(folder / name)
    return columns


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("herd")


@pytest.fixture(scope="module")
def columns(folder: Path) -> Columns:
    return moved(folder, animals(folder, individuals=8, each=6), seed=1)


@pytest.fixture(scope="module")
def model(folder: Path, columns: Columns) -> package.Model:
    table = package.Table.of(columns, folder=folder)
    schema = package.declare(table, package.Wishes(["animal:individual", "size:class"], seed=1))
    animal = schema.targets["animal"].model_copy(update={"detail": "loose"})
    training = schema.training.model_copy(update={"epochs": 2})
    schema = schema.model_copy(update={"targets": {**schema.targets, "animal": animal}, "training": training})
    return package.train(table, schema=schema, out=folder / "loose.model")


def test_they_are_found_wherever_they_stand(model: package.Model) -> None:
    assert model.gallery.likeness == Likeness(6, 2)
    assert model.scores["test"]["animal"]["top1"] >= 0.8
    assert list(model.artifact.network.targets) == ["animal", "size"]


def test_a_reload_gives_the_same_bits(model: package.Model, folder: Path, columns: Columns) -> None:
    again = package.load(folder / "loose.model")
    assert again.gallery.likeness == model.gallery.likeness
    asked = {"photo": columns["photo"]}
    assert again.predict(asked, folder=folder).answers.equals(model.predict(asked, folder=folder).answers)
    assert again.identify(asked, folder=folder).frame().equals(model.identify(asked, folder=folder).frame())


def test_newcomers_are_found_again_once_they_are_in_the_gallery(model: package.Model, folder: Path) -> None:
    again, new = package.load(folder / "loose.model"), folder / "more"
    columns = moved(new, animals(new, individuals=2, each=4, first=60), seed=2)
    first = {name: [cell for row, cell in enumerate(cells) if row % 4 < 2] for name, cells in columns.items()}
    assert again.gallery_add(first, folder=new).photos == 4
    asked = {name: [cell for row, cell in enumerate(cells) if row % 4 >= 2] for name, cells in columns.items()}
    assert again.predict(asked, folder=new).answers["animal_1"].to_list() == asked["animal"]
