"""A model is a folder: whole or not there, the same after reading, refused when it is not what it says."""

import json
import os
import stat
from pathlib import Path

import polars as pl
import pytest
import torch

import injerto
from injerto.artifact import folder as model_folder
from injerto.artifact import place as model_place
from injerto.artifact.seal import SEALED, seal_of
from injerto.errors import ArtifactError, OutputError
from injerto.model import Model
from small import birds


@pytest.fixture(scope="module")
def model() -> Model:
    return injerto.train(birds(120), "species", seed=3)


@pytest.fixture
def saved(model: Model, tmp_path: Path) -> Path:
    return model.save(tmp_path / "birds.model")


def seal_again(folder: Path) -> None:
    facts = json.loads((folder / "injerto.json").read_text())
    (folder / "injerto.json").write_text(json.dumps({**facts, "sha256": seal_of(folder)}))


def test_a_folder_answers_like_the_model_it_was_saved_from(model: Model, saved: Path) -> None:
    again = injerto.load(saved)
    assert again.predict(birds(50)).answers.equals(model.predict(birds(50)).answers)
    assert again.schema == model.schema
    assert again.scores == json.loads(json.dumps(model.scores))
    assert (again.artifact.rows.test == model.artifact.rows.test).all()


def test_everything_in_it_is_text_or_safetensors_or_parquet(saved: Path) -> None:
    assert {path.suffix for path in saved.iterdir()} <= {
        ".toml",
        ".json",
        ".jsonl",
        ".safetensors",
        ".parquet",
        ".csv",
        ".md",
        ".html",
    }
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
    model.save(saved, force=True)
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
        ("features.json", b"[" * 100_000),
        ("features.json", b'{"mass_g": [], "hour": {"levels": ["day"], "counts": []}, "seen": null}'),
        ("heads.json", b"{}"),
        ("schema.toml", b"targets = 3"),
        ("splits.parquet", b"not parquet"),
        ("history.json", b'[{"odd": 1}]'),
    ],
)
def test_damage_is_said_and_nothing_else_happens(saved: Path, file: str, content: bytes) -> None:
    (saved / file).write_bytes(content)
    with pytest.raises(ArtifactError, match=file):
        injerto.load(saved)
    seal_again(saved)  # as if someone had forged the checksums too
    with pytest.raises(ArtifactError, match=f"damaged|{file}"):
        injerto.load(saved)


@pytest.mark.parametrize("file", [*SEALED, "card.md"])
def test_a_file_that_is_gone_is_named(saved: Path, file: str) -> None:
    (saved / file).unlink()
    with pytest.raises(ArtifactError, match=f"lacks its file {file}. Copy the whole folder again"):
        injerto.load(saved)


def test_weights_of_another_model_are_refused(saved: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(saved / "weights.safetensors")
    name = next(key for key, value in tensors.items() if value.ndim > 1)
    save_file({**tensors, name: torch.zeros(1, 1)}, saved / "weights.safetensors")
    with pytest.raises(ArtifactError, match=r"weights.safetensors in '.*' is not as Injerto wrote it"):
        injerto.load(saved)
    seal_again(saved)
    with pytest.raises(ArtifactError, match="has shape"):
        injerto.load(saved)


@pytest.mark.parametrize("content", ["[]", "null", "3", "{", "[" * 100_000], ids=["list", "null", "number", "cut", "deep"])
def test_a_damaged_head_is_said(saved: Path, content: str) -> None:
    (saved / "injerto.json").write_text(content)
    with pytest.raises(ArtifactError, match=r"injerto\.json (is damaged|cannot be read)"):
        injerto.load(saved)


def test_a_head_without_checksums_is_refused(saved: Path) -> None:
    facts = json.loads((saved / "injerto.json").read_text())
    del facts["sha256"]
    (saved / "injerto.json").write_text(json.dumps(facts))
    with pytest.raises(ArtifactError, match="lacks its checksums"):
        injerto.load(saved)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("features.json", '"day"', '"dusk"'),
        ("heads.json", '"counts": [\n   ', '"counts": [\n   -'),
        ("schema.toml", "seed = 3", "seed = 4"),
        ("scores.json", "0.", "0.9"),
    ],
)
def test_a_file_edited_by_hand_gives_no_other_answers(saved: Path, file: str, old: str, new: str) -> None:
    text = (saved / file).read_text()
    assert old in text
    (saved / file).write_text(text.replace(old, new))
    with pytest.raises(ArtifactError, match=f"{file} in '.*' is not as Injerto wrote it: .* train again"):
        injerto.load(saved)


def test_infinite_counts_are_damage_even_under_a_seal(saved: Path) -> None:
    states = json.loads((saved / "features.json").read_text())
    states["hour"]["counts"] = [float("inf")] * len(states["hour"]["counts"])
    (saved / "features.json").write_text(json.dumps(states))
    seal_again(saved)
    with pytest.raises(ArtifactError, match="is damaged: cannot convert float infinity"):
        injerto.load(saved)


def test_a_card_may_be_added_to_and_the_report_left_out(saved: Path) -> None:
    (saved / "card.md").write_text("For the jays of our wood only.")
    (saved / "report.html").unlink()
    assert injerto.load(saved).schema.targets.keys() == {"species"}


def test_the_weights_may_be_read_by_whom_the_rest_may(saved: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in saved.iterdir()}
    assert len(modes) == 1
    assert modes.pop() & 0o400


@pytest.mark.parametrize(
    "slip", [OSError(28, "No space left on device"), pl.exceptions.ComputeError("No space left on device (os error 28)")]
)
def test_a_full_disk_leaves_the_old_model_and_nothing_else(
    model: Model, saved: Path, monkeypatch: pytest.MonkeyPatch, slip: Exception
) -> None:
    def full(*_: object) -> None:
        raise slip

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(OutputError, match=r"birds.model': No space left on device.*What stood there before is kept"):
        model.save(saved, force=True)
    assert os.listdir(saved.parent) == ["birds.model"]
    monkeypatch.undo()
    assert injerto.load(saved).schema == model.schema


def test_a_report_cut_short_leaves_no_model(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.write_text

    def full(path: Path, text: str, **options: str) -> int:
        if path.name == "report.html":
            whole(path, text[:100], **options)
            raise OSError(28, "No space left on device")
        return whole(path, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="No space left on device"):
        model.save(tmp_path / "m")
    assert os.listdir(tmp_path) == []


def test_a_move_that_fails_puts_the_old_model_back(model: Model, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move = os.replace

    def busy(source: Path, target: Path) -> None:
        if source.name.startswith(".birds.model-"):
            raise OSError(16, "Device or resource busy")
        move(source, target)

    before = (saved / "weights.safetensors").read_bytes()
    monkeypatch.setattr(os, "replace", busy)
    with pytest.raises(OutputError, match=r"Device or resource busy. What stood there before is kept"):
        model.save(saved, force=True)
    assert os.listdir(saved.parent) == ["birds.model"]
    assert (saved / "weights.safetensors").read_bytes() == before


def test_a_replacement_killed_halfway_says_where_the_old_model_is(model: Model, saved: Path) -> None:
    aside = model_place.aside_of(saved)
    saved.rename(aside)
    with pytest.raises(ArtifactError, match=r"was being replaced .* It is kept as '.*\.birds\.model\.replaced'"):
        injerto.load(saved)
    model.save(saved)
    assert os.listdir(saved.parent) == ["birds.model"]


def test_a_model_is_not_replaced_without_force(model: Model, saved: Path) -> None:
    with pytest.raises(OutputError, match=r"birds.model' exists already. Give another name, or force=True"):
        model.save(saved)
    with pytest.raises(OutputError, match="exists already"):  # before the table is so much as opened
        injerto.train("no.csv", "species", out=saved)


def test_a_place_that_is_no_folder_is_refused_before_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", Path(os.devnull)):
        with pytest.raises(OutputError, match=r"is not a folder. Give the name of a folder"):
            injerto.train("no.csv", "species", out=place)


def test_the_folder_one_is_in_can_be_filled_not_replaced(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    model.save(".")
    assert injerto.load(".").schema == injerto.load(Path.cwd()).schema == model.schema
    assert os.listdir(tmp_path) == ["here"]
    with pytest.raises(OutputError, match="is the folder you are in"):
        model.save(".", force=True)


def test_an_empty_folder_that_cannot_be_filled_stays_empty(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = model_place.shutil.move

    def full(source: Path, target: Path) -> None:
        if target.name == "injerto.json":
            raise OSError(28, "No space left on device")
        move(source, target)

    (tmp_path / "m").mkdir()
    monkeypatch.setattr(model_place.shutil, "move", full)
    with pytest.raises(OutputError, match="No space left"):
        model.save(tmp_path / "m")
    assert os.listdir(tmp_path) == ["m"]
    assert os.listdir(tmp_path / "m") == []


def test_a_mistyped_model_gets_the_nearest_and_a_file_is_called_one(saved: Path) -> None:
    with pytest.raises(ArtifactError, match=r"does not exist. Did you mean 'birds.model'\?"):
        injerto.load(saved.with_name("brids.model"))
    with pytest.raises(ArtifactError, match=r"it is a file. Give the folder"):
        injerto.load(saved / "scores.json")


def test_one_name_may_be_given_without_a_list() -> None:
    model = injerto.train(birds(80), "species", inputs="mass_g:number", drop="seen", seed=1, budget_seconds=1)
    assert model.schema.inputs.keys() == {"mass_g", "hour"}
    assert model.schema.dropped.keys() == {"seen"}
