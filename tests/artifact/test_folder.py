"""A model is a folder: whole or not there, the same after reading, refused when it is not what it says."""

import json
import os
from pathlib import Path

import pytest
import torch

import injerto
from injerto.artifact import folder as model_folder
from injerto.errors import ArtifactError, OutputError
from injerto.model import Model
from small import birds


@pytest.fixture(scope="module")
def model() -> Model:
    return injerto.train(birds(120), "species", seed=3)


@pytest.fixture
def saved(model: Model, tmp_path: Path) -> Path:
    return model.save(tmp_path / "birds.model")


def test_a_folder_answers_like_the_model_it_was_saved_from(model: Model, saved: Path) -> None:
    again = injerto.load(saved)
    assert again.predict(birds(50)).answers.equals(model.predict(birds(50)).answers)
    assert again.schema == model.schema
    assert again.scores == json.loads(json.dumps(model.scores))
    assert (again.artifact.rows.test == model.artifact.rows.test).all()


def test_everything_in_it_is_text_or_safetensors_or_parquet(saved: Path) -> None:
    assert {path.suffix for path in saved.iterdir()} <= {".toml", ".json", ".safetensors", ".parquet", ".csv", ".md", ".html"}
    assert not any(path.read_bytes().startswith((b"\x80\x04", b"PK\x03\x04")) for path in saved.iterdir())  # pickle, zip


def test_multipliers_survive(tmp_path: Path) -> None:
    schema = injerto.declare(injerto.Table.of(birds(60)), injerto.Wishes(targets=["species"]))
    changed = schema.model_copy(
        update={"training": schema.training.model_copy(update={"multipliers": {"head": 0.5}, "epochs": 1})}
    )
    injerto.train(birds(60), schema=changed, out=tmp_path / "m")
    assert injerto.load(tmp_path / "m").schema.training.multipliers == {"head": 0.5}
    rates = json.loads((tmp_path / "m" / "history.json").read_text())[0]["epochs"][0]["rates"]
    assert rates["head"] == pytest.approx(0.5 * rates["body"])


def test_saving_again_replaces_and_leaves_nothing_beside(model: Model, saved: Path) -> None:
    (saved / "stale.txt").write_text("old")
    model.save(saved)
    assert not (saved / "stale.txt").exists()
    assert os.listdir(saved.parent) == ["birds.model"]


def test_a_folder_of_something_else_is_not_overwritten(model: Model, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    with pytest.raises(OutputError, match="is not a model of Injerto"):
        model.save(tmp_path / "photos")
    assert (tmp_path / "photos" / "a.jpg").exists()


def test_a_missing_folder_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="does not exist"):
        injerto.load(tmp_path / "gone")
    with pytest.raises(ArtifactError, match=r"holds no injerto\.json"):
        injerto.load(tmp_path)


@pytest.mark.parametrize(("found", "advice"), [(model_folder.FORMAT + 1, "Install a newer version"), ("x", "Train it again")])
def test_another_format_says_so(saved: Path, found: object, advice: str) -> None:
    facts = json.loads((saved / "injerto.json").read_text())
    (saved / "injerto.json").write_text(json.dumps({**facts, "format": found}))
    with pytest.raises(ArtifactError, match=advice):
        injerto.load(saved)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("weights.safetensors", b"\xff" * 64),
        ("weights.safetensors", b"\x80\x04\x95garbage that looks like a pickle"),
        ("features.json", b"{"),
        ("features.json", b"[]"),
        ("heads.json", b"{}"),
        ("schema.toml", b"targets = 3"),
        ("splits.parquet", b"not parquet"),
        ("history.json", b'[{"odd": 1}]'),
    ],
)
def test_damage_is_said_and_nothing_else_happens(saved: Path, file: str, content: bytes) -> None:
    (saved / file).write_bytes(content)
    with pytest.raises(ArtifactError, match=f"damaged|{file}"):
        injerto.load(saved)


@pytest.mark.parametrize("file", ["weights.safetensors", "features.json", "schema.toml", "splits.parquet", "ledger.csv"])
def test_a_file_that_is_gone_is_named(saved: Path, file: str) -> None:
    (saved / file).unlink()
    with pytest.raises(ArtifactError, match=file.split(".")[0]):
        injerto.load(saved)


def test_weights_of_another_model_are_refused(saved: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(saved / "weights.safetensors")
    name = next(key for key, value in tensors.items() if value.ndim > 1)
    save_file({**tensors, name: torch.zeros(1, 1)}, saved / "weights.safetensors")
    with pytest.raises(ArtifactError, match="has shape"):
        injerto.load(saved)
