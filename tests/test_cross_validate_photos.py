"""Folds of points and of individuals: every row answered once by a model that did not learn it, newcomers in every score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import injerto
from injerto.cross_validate import with_newcomers
from injerto.errors import SchemaError, TrainingError
from injerto.folded_answers import FoldedAnswers
from injerto.heads.single_class import ClassHead
from injerto.progress import Silent
from injerto.schema.schema import Target
from made_animals import animals
from made_dots import dots

EACH = 6


def one_epoch(table: injerto.Table, targets: list[str], **wishes: Any) -> injerto.Schema:
    schema = injerto.declare(table, injerto.Wishes(targets, seed=1, **wishes))
    return schema.model_copy(update={"training": schema.training.model_copy(update={"epochs": 1})})


@pytest.fixture(scope="module")
def herd(tmp_path_factory: pytest.TempPathFactory) -> injerto.Table:
    folder = tmp_path_factory.mktemp("herd")
    return injerto.Table.of(animals(folder, 9, EACH), folder=folder)


@pytest.fixture(scope="module")
def model(herd: injerto.Table, tmp_path_factory: pytest.TempPathFactory) -> injerto.Model:
    schema = one_epoch(herd, ["animal:individual", "size:class"], folds=3)
    out = tmp_path_factory.mktemp("folds") / "m"
    injerto.train(herd, schema=schema, out=out)
    return injerto.load(out)


def test_individuals_over_folds_are_known_and_new(model: injerto.Model, herd: injerto.Table) -> None:
    rows, found = model.artifact.rows, model.scores["folds"]
    assert set(found) == {"animal", "size"}
    animal = found["animal"]
    assert animal["rows"] == len(rows.train) + len(rows.tune)
    assert {"top1", "ece", "log_loss", "known_recall", "new_recall", "auroc", "new_ece"} <= animal.keys()
    assert animal["top1"] >= 0.8 > animal["baseline"]["top1"]
    assert animal["intervals"]["top1"][0] <= animal["top1"]
    assert "baseline" in animal["against"]
    assert found["size"]["accuracy"] > 0.5
    home = model.artifact.home
    assert home is not None
    assert "over folds <small>3 folds x 1</small>" in (home / "report.html").read_text(encoding="utf-8")


def test_strangers_over_folds_are_found_among_each_other(herd: injerto.Table) -> None:
    schema = one_epoch(herd, ["animal:individual"], group="animal", drop=["size"], folds=2)
    assert not with_newcomers(schema)
    found = injerto.train(herd, schema=schema).scores["folds"]["animal"]
    assert found["top1"] >= 0.5
    assert "new_recall" not in found


def test_points_over_folds_are_in_pixels_and_each_row_is_answered_once(tmp_path: Path) -> None:
    columns = dots(tmp_path, 30)
    table = injerto.Table.of(columns, folder=tmp_path)
    draft = injerto.declare(table, injerto.Wishes([], keypoints=True, seed=1, folds=2, repeats=2))
    schema = draft.model_copy(update={"training": draft.training.model_copy(update={"epochs": 1})})
    model = injerto.train(table, schema=schema)
    (name,) = schema.targets
    found = model.scores["folds"][name]
    assert found["rows"] == len(model.artifact.rows.train) + len(model.artifact.rows.tune)
    assert {"rmse_px", "mean_px", "nme", "in_circle"} <= found.keys()
    assert len(found["of_repeats"]["mean_px"]) == 2
    assert found["mean_px"] == pytest.approx(np.mean(found["of_repeats"]["mean_px"]))
    assert 0 < found["mean_px"] < 32
    assert found["baseline"]["mean_px"] > 0


def test_more_folds_than_sightings_are_refused(herd: injerto.Table) -> None:
    schema = one_epoch(herd, ["animal:individual"], drop=["size"], folds=50)
    with pytest.raises(SchemaError, match=r"50 folds are asked for, and [0-9]+ groups of 'sighting' do not test: ask for"):
        injerto.train(herd, schema=schema)


def test_a_fold_that_cannot_be_learned_costs_the_scores_and_not_the_model(
    herd: injerto.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    class Heard(Silent):
        def say(self, words: str) -> None:
            said.append(words)

    def never(*_: object) -> None:
        raise TrainingError("nothing to learn here")

    monkeypatch.setattr("injerto.train_individuals.learned_anew", never)
    found = injerto.train(herd, schema=one_epoch(herd, ["animal:individual"], drop=["size"], folds=2), progress=Heard())
    assert "folds" not in found.scores
    assert any("there are no scores over folds, as one of them cannot be learned: nothing to learn here" in one for one in said)


def test_a_class_that_a_fold_never_saw_is_unknown_and_points_keep_their_places() -> None:
    """Levels of a fold stand where the levels of all rows have them."""
    table = injerto.Table.of({"kind": ["a", "b", "c"]})
    whole = ClassHead("kind", Target(kind="class")).fit(table.column("kind"))
    fold = ClassHead("kind", Target(kind="class")).fit(injerto.Table.of({"kind": ["a", "c"]}).column("kind"))
    asked = FoldedAnswers(whole, 3)
    asked.put(fold, table, np.array([True, True, True]), fold.baseline(3))
    assert asked.truth.tolist() == [0, -1, 2]
    assert (asked.answer[:, 1] == 0).all() and (asked.answer.sum(axis=1) == pytest.approx(1))
