"""Models of points and of individuals hold new photos against those that taught them: predict --unlike, and drift."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

import injerto as package
from injerto.backbones.look import look_of
from injerto.learning.seen import seen
from injerto.progress import Silent
from injerto.reference.cells import photo_cells
from made_animals import animals
from made_animals import written as herd_written
from made_dots import dots
from made_dots import written as dots_written
from made_individuals import made
from said import Call, caller


def odd_photos(folder: Path, count: int) -> Path:
    """Stripes in loud colours, which no made-up animal and no dot looks like."""
    folder.mkdir()
    random = np.random.default_rng(0)
    for place in range(count):
        levels = np.zeros((96, 96, 3), dtype=np.uint8)
        levels[:, :: 2 + place % 3] = random.integers(150, 256, size=3)
        Image.fromarray(levels).save(folder / f"odd{place}.png")
    pl.DataFrame({"photo": [f"odd{place}.png" for place in range(count)]}).write_csv(folder / "odd.csv")
    return folder / "odd.csv"


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


def trained(place: Path, out: Path, targets: list[str], **wishes: Any) -> Path:
    table = package.Table.read(place)
    schema = package.declare(table, package.Wishes(targets, seed=1, **wishes))
    schema = schema.model_copy(update={"training": schema.training.model_copy(update={"epochs": 1})})
    package.train(table, schema=schema, out=out)
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("photos")
    odd_photos(place / "odd", 12)
    trained(herd_written(place / "herd", animals(place / "herd", 10, 6)), place / "herd.model", ["animal:individual", "size"])
    herd_written(place / "season", animals(place / "season", 10, 4, seed=9))
    trained(dots_written(place / "dots", dots(place / "dots", 60)), place / "dots.model", [], keypoints=True)
    dots_written(place / "more", dots(place / "more", 40, seed=6))
    return place


def test_a_look_is_the_mean_and_the_spread_of_channels() -> None:
    places = torch.tensor([[[[1.0, 3.0], [5.0, 7.0]], [[2.0, 2.0], [2.0, 2.0]]]])
    assert look_of(places)[0].tolist() == pytest.approx([4.0, 2.0, 5.0**0.5, 0.0])


def test_photos_that_were_answered_are_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    herd = made(tmp_path)
    rows = torch.arange(4)
    seen(herd.network, herd.photos, rows, Silent())
    kept = photo_cells(herd.network, herd.photos, rows)
    herd.photos.looks, herd.photos.looked_by = {}, None
    torch.testing.assert_close(photo_cells(herd.network, herd.photos, rows), kept, rtol=1e-4, atol=1e-4)
    monkeypatch.setattr(type(herd.photos), "batch", lambda *_: pytest.fail("looked at again"))
    assert torch.equal(photo_cells(herd.network, herd.photos, rows[:2]), photo_cells(herd.network, herd.photos, rows)[:2])


@pytest.mark.parametrize("name", ["herd", "dots"])
def test_odd_photos_are_unlike_anything_seen(injerto: Call, folder: Path, name: str, tmp_path: Path) -> None:
    said = injerto("predict", folder / f"{name}.model", folder / "odd" / "odd.csv", "--out", tmp_path / "a.csv", "--unlike")
    assert said.code == 0, said.err
    found = pl.read_csv(tmp_path / "a.csv")
    assert (found["familiarity"] <= 0.05).all()
    assert found["unlike"].to_list() == ["photo"] * 12
    assert "12 of 12 rows (100.0%) are unlike anything seen in training" in said.err


@pytest.mark.parametrize(("name", "other"), [("herd", "season/animals.csv"), ("dots", "more/dots.csv")])
def test_drift_tells_odd_photos_and_not_more_of_the_same(
    injerto: Call, folder: Path, name: str, other: str, tmp_path: Path
) -> None:
    page = tmp_path / "drift.html"
    odd = injerto("drift", folder / f"{name}.model", folder / "odd" / "odd.csv", "--json", "--out", page)
    told = json.loads(odd.out)
    assert odd.code == 4, odd.err
    assert told["columns"]["photo"]["drifted"] and told["columns"]["photo"]["auc"] > 0.95
    assert told["columns"]["photo"]["strangest"][0]["file"].startswith("odd")
    assert page.read_text(encoding="utf-8").count("data:image/jpeg") >= 8
    same = injerto("drift", folder / f"{name}.model", folder / other, "--json")
    assert same.code == 0, same.out
    assert json.loads(same.out)["unlike"]["rows"] < 0.3 * json.loads(same.out)["used"]


def test_what_else_individuals_are_asked_is_held_against_the_test_rows(injerto: Call, folder: Path) -> None:
    told = json.loads(injerto("drift", folder / "herd.model", folder / "season" / "animals.csv", "--json").out)
    assert list(told["answers"]) == ["size"]
    assert told["groups"] == ["sighting"]
    assert told["reference_rows"] > 0


def test_a_model_of_before_says_what_to_do(injerto: Call, folder: Path, tmp_path: Path) -> None:
    model = package.load(folder / "dots.model")
    model.artifact.reference = None
    model.save(tmp_path / "old.model")
    said = injerto("predict", tmp_path / "old.model", folder / "odd" / "odd.csv", "--out", tmp_path / "a.csv", "--unlike")
    assert said.code == 1
    assert "keeps nothing of its training rows" in said.err and "Train it again" in said.err
    assert injerto("drift", tmp_path / "old.model", folder / "odd" / "odd.csv").code == 1
    plain = injerto("predict", tmp_path / "old.model", folder / "odd" / "odd.csv", "--out", tmp_path / "b.csv")
    assert plain.code == 0 and "unlike" not in plain.err
