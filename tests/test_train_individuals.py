"""Individuals through the front door: trained for an epoch on made-up animals, saved, answered, scored, gone on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import injerto as package
from injerto.errors import ColumnError
from injerto.learning.checkpoint import Checkpoint
from made_animals import Columns, animals, written
from said import Call, caller

INDIVIDUALS, EACH = 8, 6


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("herd")


@pytest.fixture(scope="module")
def columns(folder: Path) -> Columns:
    """Sizes of some are not known, one photo has no name, one file is not there."""
    found = animals(folder, INDIVIDUALS, EACH)
    found["size"] = [None if row % 5 == 0 else size for row, size in enumerate(found["size"])]
    found["animal"][7], found["photo"][20] = None, "gone.png"
    return found


@pytest.fixture(scope="module")
def table(folder: Path, columns: Columns) -> Path:
    return written(folder, columns)


def one_epoch(table: package.Table, targets: list[str], **wishes: Any) -> package.Schema:
    schema = package.declare(table, package.Wishes(targets, seed=1, **wishes))
    return schema.model_copy(update={"training": schema.training.model_copy(update={"epochs": 1})})


@pytest.fixture(scope="module")
def model(folder: Path, table: Path) -> package.Model:
    data = package.Table.read(table)
    schema = one_epoch(data, ["size:class", "animal:individual"])
    return package.train(data, schema=schema, out=folder / "animals.model")


def test_a_reload_gives_the_same_bits(model: package.Model, folder: Path, table: Path, tmp_path: Path) -> None:
    again = package.load(folder / "animals.model")
    answers = again.predict(table).answers
    assert model.predict(table).answers.equals(answers)
    again.save(tmp_path / "again.model")
    assert package.load(tmp_path / "again.model").predict(table).answers.equals(answers)
    first, second = (one.identify(table).frame() for one in (model, again))
    assert first.equals(second)


def test_answers_are_columns(model: package.Model, columns: Columns, folder: Path) -> None:
    """The table to be answered has photos and nothing else."""
    found = model.predict({"photo": columns["photo"]}, folder=folder)
    answers = found.answers
    assert answers.columns[:5] == ["row", "photo", "animal", "animal_decision", "animal_new"]
    assert {"animal_1", "animal_10_probability", "size", "size_probability_big", "problem"} <= set(answers.columns)
    assert answers["problem"].is_not_null().arg_true().to_list() == [20]
    assert answers["animal_decision"].drop_nulls().is_in(["known", "new", "cannot tell"]).all()
    there = answers.filter(pl.col("problem").is_null())
    assert there["animal_new"].is_between(0, 1).all()
    assert there["size"].null_count() == 0


def test_the_gallery_holds_all_named_rows_that_do_not_test(model: package.Model, columns: Columns) -> None:
    rows = model.artifact.rows
    held = [row for row in (*rows.train.tolist(), *rows.tune.tolist()) if row not in (7, 20)]
    assert sorted(model.gallery.photos["photo"]) == sorted(columns["photo"][row] for row in held)
    assert model.gallery.photos["origin"].unique().to_list() == ["animals"]
    whole = [name for name in set(columns["animal"]) - {None} if name not in model.gallery.individuals]
    assert len(whole) == 1  # who tests as a newcomer


def test_newcomers_are_held_out_whole_and_counted_as_new(model: package.Model) -> None:
    said = model.scores["test"]["animal"]
    assert said["top1"] >= 0.8
    assert {"top1", "top5", "map", "log_loss", "known_recall", "new_recall", "balanced_accuracy", "auroc"} <= said.keys()
    assert said["baseline"]["top1"] < 0.5
    assert said["log_loss"] < said["baseline"]["log_loss"]
    assert "As newcomers, whole individuals were then taken out of train, 1 to tune and 1 to test" in model.artifact.rows.reason


def test_how_honest_its_probabilities_are_is_told_before_and_after(
    model: package.Model, folder: Path, injerto: Call, table: Path
) -> None:
    found = model.scores["test"]["animal"]["calibration"]
    names = {"ece", "brier", "log_loss", "new_ece", "new_brier", "new_log_loss"}
    assert found["before"].keys() == found["after"].keys() == names
    assert found["fitted_here"] is False and found["classes"] == {}
    assert found["before"] != found["after"]
    assert {name: model.scores["test"]["animal"][name] for name in names} == found["after"]
    report = (folder / "animals.model" / "report.html").read_text(encoding="utf-8")
    assert "Is the chance of being new honest?" in report and "Rings are the same rows before calibration." in report
    assert "What calibration changed" in report
    told = json.loads(injerto("evaluate", folder / "animals.model", table, "--json").out)["targets"]["animal"]["calibration"]
    assert told["after"]["ece"] >= 0 and told["before"]["ece"] != told["after"]["ece"]
    assert "calibration on" in injerto("evaluate", folder / "animals.model", table).out


def test_a_missing_extra_label_costs_nothing_and_is_not_scored(model: package.Model, columns: Columns) -> None:
    known = [columns["size"][row] is not None for row in model.artifact.rows.test.tolist()]
    assert model.scores["test"]["size"]["rows"] == sum(known)
    assert list(model.artifact.network.targets) == ["animal", "size"]


def test_the_file_that_is_not_there_is_in_the_ledger(model: package.Model) -> None:
    assert [(entry.row, entry.file) for entry in model.ledger] == [(20, "gone.png")]


def test_the_report_shows_individuals(model: package.Model, folder: Path) -> None:
    report = (folder / "animals.model" / "report.html").read_text(encoding="utf-8")
    assert "animal" in report
    assert "data:image/jpeg;base64," in report
    card = (folder / "animals.model" / "card.md").read_text(encoding="utf-8")
    assert "newcomers" in card


def test_scores_of_photos_that_the_gallery_holds(model: package.Model, injerto: Call, folder: Path, table: Path) -> None:
    """Photos of a sighting do not answer for each other; whoever is left without any other counts as new."""
    said = injerto("evaluate", folder / "animals.model", table, "--json")
    assert said.code in (0, 3), said.err
    found = json.loads(said.out)["targets"]["animal"]
    assert found["rows"] == INDIVIDUALS * EACH - 2
    assert found["top1"] >= 0.8
    assert 0 <= found["intervals"]["top1"][0] <= found["top1"]
    assert {"map", "log_loss", "new_recall"} <= found.keys()
    shown = injerto("evaluate", folder / "animals.model", table)
    assert "top1" in shown.out
    assert "balanced_accuracy" in shown.out


def test_individuals_of_two_models_are_compared(model: package.Model, folder: Path, table: Path) -> None:
    """B knows one individual less: its photos ask A who it is and B whether it is new, and do not count."""
    other = package.load(folder / "animals.model")
    gone = other.gallery.individuals[0]
    other.gallery_remove(gone)
    found = model.compare(other, table)
    assert found.targets.keys() == {"animal", "size"}
    assert found.targets["size"].same and not found.targets["animal"].same
    assert {"top1", "map", "log_loss", "known_recall"} <= found.targets["animal"].figures.keys()
    assert any(f"only A knows {gone}. Among more individuals" in note for note in found.notes)
    assert any("the individual is known to one model and new to the other" in note for note in found.notes)
    assert found.unusable == {"A": 1, "B": 1, "both": 1}


def test_a_target_whose_column_lacks_is_noted_and_the_others_are_scored(
    model: package.Model, columns: Columns, folder: Path
) -> None:
    without = {name: cells for name, cells in columns.items() if name != "size"}
    found = model.evaluate(without, folder=folder)
    assert list(found.targets) == ["animal"]
    assert "'size' is not scored: the table has no column 'size'." in found.notes
    misspelt = {"sise" if name == "size" else name: cells for name, cells in columns.items()}
    with pytest.raises(ColumnError, match="Did you mean 'sise'"):
        model.evaluate(misspelt, folder=folder)


def test_strangers_are_told_of_and_count_as_new(model: package.Model, injerto: Call, folder: Path) -> None:
    new = folder / "new"
    place = written(new, animals(new, individuals=2, each=2, first=40))
    found = json.loads(injerto("evaluate", folder / "animals.model", place, "--json").out)
    assert "new_recall" in found["targets"]["animal"]
    assert any("These individuals of 'animal' are not in the gallery" in note for note in found["notes"])
    assert any("count as new" in note for note in found["notes"])


def test_newcomers_are_found_again_once_they_are_in_the_gallery(model: package.Model, injerto: Call, folder: Path) -> None:
    again = package.load(folder / "animals.model")
    new = folder / "more"
    columns = animals(new, individuals=2, each=4, first=60)
    first = {name: [cell for row, cell in enumerate(cells) if row % 4 < 2] for name, cells in columns.items()}
    change = again.gallery_add(first, folder=new)
    assert change.photos == 4
    asked = {name: [cell for row, cell in enumerate(cells) if row % 4 >= 2] for name, cells in columns.items()}
    answers = again.predict(asked, folder=new).answers
    assert answers["animal_1"].to_list() == asked["animal"]
    assert again.evaluate(asked, folder=new).to_json()["targets"]["animal"]["known_recall"] >= 0


def test_strangers_test_where_rows_are_grouped_by_individual(folder: Path, columns: Columns) -> None:
    """Who tests was never seen; the score is of finding them among each other's photos, and the gallery keeps none of them."""
    data = package.Table.of({name: cells for name, cells in columns.items() if name != "size"}, folder=folder)
    model = package.train(data, schema=one_epoch(data, ["animal:individual"], group="animal"))
    tested = {columns["animal"][row] for row in model.artifact.rows.test.tolist()} - {None}
    assert tested
    assert not tested & set(model.gallery.individuals)
    assert not tested & set(model.network.targets["animal"].known_individuals)
    said = model.scores["test"]["animal"]
    assert said["known_recall"] >= 0
    assert said["top1"] >= 0.5
    assert model.network.head.decision.can_tell_new


def test_a_run_that_was_stopped_goes_on_and_ends_the_same(injerto: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    herd = folder / "small"
    place = written(herd, animals(herd, individuals=3, each=4))
    schema = one_epoch(package.Table.read(place), ["animal:individual"])
    two = schema.model_copy(update={"training": schema.training.model_copy(update={"epochs": 2})})
    two.write(folder / "two.toml")
    words = ("train", place, "--schema", folder / "two.toml", "--out")
    assert injerto(*words, folder / "calm.model").code == 0

    def saved(path: Path, *_: object) -> None:
        original(path, *_)
        raise KeyboardInterrupt

    original = Checkpoint.save
    monkeypatch.setattr(Checkpoint, "save", saved)
    assert injerto(*words, folder / "stopped.model").code == 130
    assert (folder / ".stopped.model.unfinished" / "individuals.safetensors").exists()
    monkeypatch.setattr(Checkpoint, "save", original)
    said = injerto(*words, folder / "stopped.model")
    assert said.code == 0, said.err
    assert "Goes on where an earlier run" in said.err
    calm, again = (folder / f"{name}.model" / "weights.safetensors" for name in ("calm", "stopped"))
    assert calm.read_bytes() == again.read_bytes()
    galleries = [package.load(folder / f"{name}.model").gallery for name in ("calm", "stopped")]
    assert np.array_equal(galleries[0].vectors.numpy(), galleries[1].vectors.numpy())
