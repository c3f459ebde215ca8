"""Promises through the front door: asked for, printed, kept in the folder, refused in words that say what to do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import injerto as library
from injerto.artifact.held_out import HELD_OUT
from injerto.errors import ArtifactError, PromiseError
from said import Call, caller

ROWS = 160


def made(rows: int, seed: int) -> pl.DataFrame:
    """Two birds that overlap in mass, a wing that follows from the mass, and labels."""
    random = np.random.default_rng(seed)
    owl = random.random(rows) < 0.5
    mass = np.where(owl, 60.0, 40.0) + random.normal(0, 5, rows)
    labels = np.where(mass > 50, np.where(owl, "big;night", "big"), np.where(owl, "night", "day"))
    wing = mass * 3 + random.normal(0, 5, rows)
    return pl.DataFrame({"mass_g": mass, "bird": np.where(owl, "owl", "jay"), "wing_mm": wing, "labels": labels})


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("promises")
    schema = library.Schema(
        inputs={"mass_g": library.Input(kind="number")},
        targets={
            "bird": library.Target(kind="class"),
            "wing_mm": library.Target(kind="number"),
            "labels": library.Target(kind="classes", separator=";"),
        },
        split=library.Split(tune_share=0.5, test_share=0.2),
        training=library.Training(epochs=3),
    )
    library.train(made(ROWS, 0), schema=schema, out=place / "birds.model")
    made(60, 1).write_csv(place / "new.csv")
    return place


def test_predict_says_of_which_rows_it_cannot_tell_and_loses_nothing(injerto: Call, folder: Path, tmp_path: Path) -> None:
    plain, out = tmp_path / "plain.csv", tmp_path / "out.csv"
    assert injerto("predict", folder / "birds.model", folder / "new.csv", "-o", plain).code == 0
    said = injerto("predict", folder / "birds.model", folder / "new.csv", "-o", out, "--max-error", 0.1, "--coverage", 0.9)
    assert said.code == 0
    assert "held-out rows" in said.err
    assert "also chose when training stopped" in said.err
    assert "'wing_mm' is left as it is: a number is never right or wrong" in said.err
    before, after = pl.read_csv(plain), pl.read_csv(out)
    assert set(after["bird_decision"].unique()) <= {"answered", "cannot tell"}
    assert after["bird"].equals(before["bird"])
    assert after["bird_set_size"].is_between(1, 2).all()
    assert (after["wing_mm_low"] < after["wing_mm"]).all()
    assert set(after.columns) - set(before.columns) == {
        *("bird_decision", "bird_set", "bird_set_size"),
        *("labels_decision", "labels_set", "labels_set_size"),
    }


def test_evaluate_says_how_promises_were_kept(injerto: Call, folder: Path) -> None:
    asked = ("evaluate", folder / "birds.model", folder / "new.csv", "--max-error", 0.1, "--coverage", 0.9)
    said = injerto(*asked, "--json")
    assert said.code == 0
    bird = json.loads(said.out)["targets"]["bird"]
    assert set(bird["calibration"]["before"]) == set(bird["calibration"]["after"]) == {"ece", "brier", "log_loss"}
    assert 0 <= bird["abstention"]["answered"] <= 1
    assert bird["abstention"]["error"] is None or bird["abstention"]["error"] <= 0.3
    assert bird["sets"]["held"] >= 0.75
    shown = injerto(*asked).out
    assert "bird: calibration on 60 rows" in shown
    assert "bird: promised errors" in shown
    assert "truth held" in shown


@pytest.mark.parametrize("value", ["0", "1.5", "abc", "-1"])
@pytest.mark.parametrize("option", ["--max-error", "--coverage"])
def test_shares_that_are_none_are_refused(injerto: Call, folder: Path, tmp_path: Path, option: str, value: str) -> None:
    for verb in (("predict", "-o", tmp_path / "out.csv"), ("evaluate",)):
        said = injerto(verb[0], folder / "birds.model", folder / "new.csv", *verb[1:], f"{option}={value}")
        assert said.code == 2
        assert option in said.err
    assert not (tmp_path / "out.csv").exists()


def test_too_few_rows_are_said_with_how_many_are_needed(injerto: Call, folder: Path, tmp_path: Path) -> None:
    said = injerto("predict", folder / "birds.model", folder / "new.csv", "-o", tmp_path / "out.csv", "--max-error", 0.001)
    assert said.code == 1
    assert "0.001 errors cannot be promised from 80 held-out rows: at least 999 are needed" in said.err


def test_python_gives_the_same_and_refuses_the_same(folder: Path) -> None:
    model = library.load(folder / "birds.model")
    found = model.predict(folder / "new.csv", max_error=0.1)
    assert "bird_decision" in found.answers.columns
    assert any(said.startswith("'bird': ") for said in found.promises)
    with pytest.raises(PromiseError, match=r"max_error is 1.5; it must lie between 0 and 1"):
        model.predict(folder / "new.csv", max_error=1.5)


def test_a_model_of_before_says_to_train_again(folder: Path) -> None:
    model = library.load(folder / "birds.model")
    for head in model.network.targets.values():
        head.held_out = None
    with pytest.raises(PromiseError, match=r"kept no held-out rows, so it can promise nothing. Train it again"):
        model.predict(folder / "new.csv", max_error=0.1)
    assert len(model.predict(folder / "new.csv").answers) == 60


def test_the_held_out_rows_are_sealed(folder: Path, tmp_path: Path) -> None:
    model = library.load(folder / "birds.model")
    saved = model.save(tmp_path / "again.model")
    again = library.load(saved)
    for name, head in model.network.targets.items():
        for key, values in head.held_out.tensors().items():
            assert again.network.targets[name].held_out.tensors()[key].equal(values)
    (saved / HELD_OUT).unlink()
    with pytest.raises(ArtifactError, match=HELD_OUT):
        library.load(saved)


def test_the_report_shows_calibration_before_and_after(folder: Path) -> None:
    page = (folder / "birds.model" / "report.html").read_text(encoding="utf-8")
    assert "What calibration changed" in page
    assert "before calibration: said" in page
    assert "rows that did not fit the calibration" in page
