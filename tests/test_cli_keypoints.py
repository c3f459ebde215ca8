"""Points on photos through the front door: asked for, learned, answered, scored, written for other programs."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import injerto as package
from injerto.cli.app import run
from injerto.learning.checkpoint import Checkpoint
from made_dots import Columns, dots, written
from said import Call, caller

ROWS = 40


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("photos")


@pytest.fixture(scope="module")
def columns(folder: Path) -> Columns:
    return dots(folder, ROWS)


@pytest.fixture(scope="module")
def table(folder: Path, columns: Columns) -> Path:
    return written(folder, columns)


def call(*words: object) -> int:
    """The command line without a look at what it says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["injerto", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            run()
    return int(stop.value.code or 0)


@pytest.fixture(scope="module")
def schema(folder: Path, table: Path) -> Path:
    """A draft, edited to one epoch."""
    draft = folder / "draft.toml"
    assert call("check", table, "--keypoints", "--write", draft) == 0
    text = draft.read_text(encoding="utf-8")
    assert 'points = [\n    "left",\n    "right",\n]' in text
    draft.write_text(text.replace("[training]\n", "[training]\nepochs = 1\n"), encoding="utf-8")
    return draft


@pytest.fixture(scope="module")
def model(folder: Path, table: Path, schema: Path) -> Path:
    assert call("train", table, "--schema", schema, "--out", folder / "dots.model") == 0
    return folder / "dots.model"


def test_what_is_taken_for_what(injerto: Call, table: Path) -> None:
    said = injerto("check", table, "--keypoints", "--json")
    assert said.code == 0
    found = json.loads(said.out)
    roles = {column["name"]: (column["role"], column["kind"]) for column in found["columns"]}
    assert roles["photo"] == ("input", "image")
    assert {roles[name] for name in ("left_x", "left_y", "right_x", "right_y")} == {("target", "keypoints")}
    assert found["ready"] is True


def test_training_shows_the_whole_and_each_point(injerto: Call, folder: Path, table: Path, schema: Path) -> None:
    said = injerto("train", table, "--schema", schema, "--no-mirror", "--out", folder / "shown.model")
    assert said.code == 0, said.err
    assert "keypoints on 8 test rows" in said.out
    assert "in_circle" in said.out.split("each by itself")[0]
    assert [line.split()[0] for line in said.out.split("each by itself")[1].splitlines() if "│" in line] == ["left", "right"]
    assert "report.html" in said.err
    report = (folder / "shown.model" / "report.html").read_text(encoding="utf-8")
    assert "Always answering the mean place" in report


def test_answers_are_columns_of_each_point(injerto: Call, folder: Path, model: Path, columns: Columns, tmp_path: Path) -> None:
    """The table to be answered has no columns of points."""
    place = written(folder, {"photo": columns["photo"]}, "new.csv")
    said = injerto("predict", model, place, "--out", tmp_path / "answers.csv")
    assert said.code == 0, said.err
    answers = pl.read_csv(tmp_path / "answers.csv")
    ends = ("x", "y", "radius", "confidence", "in_picture")
    assert answers.columns == ["row", "photo", *(f"{name}_{end}" for name in ("left", "right") for end in ends), "problem"]
    assert answers["left_x"].is_between(-8, 40).all()


def test_the_python_door_and_a_reload_give_the_same_bits(model: Path, table: Path, injerto: Call, tmp_path: Path) -> None:
    trained = package.load(model)
    answers = trained.predict(table).answers
    trained.save(tmp_path / "again.model")
    assert package.load(tmp_path / "again.model").predict(table).answers.equals(answers)
    assert injerto("predict", model, table, "--out", tmp_path / "a.parquet").code == 0
    assert pl.read_parquet(tmp_path / "a.parquet").equals(answers)


def test_a_mere_folder_of_photos_is_answered(injerto: Call, model: Path, tmp_path: Path) -> None:
    dots(tmp_path / "more", 3, seed=4)
    said = injerto("predict", model, tmp_path / "more", "--out", tmp_path / "a.csv")
    assert said.code == 0, said.err
    assert "has no column 'photo'; the photos are those of 'file', its one column of photos." in said.err
    assert pl.read_csv(tmp_path / "a.csv")["photo"].to_list() == ["000.png", "001.png", "002.png"]


def test_two_columns_of_photos_are_not_chosen_between(injerto: Call, model: Path, folder: Path, tmp_path: Path) -> None:
    place = written(folder, {"front": ["000.png"], "back": ["001.png"]}, "two.csv")
    said = injerto("predict", model, place, "--out", tmp_path / "a.csv")
    assert said.code == 1
    assert "has no column 'photo'" in said.err


@pytest.mark.parametrize("words", [(), ("--format", "coco")])
def test_answers_as_coco(
    injerto: Call, model: Path, table: Path, columns: Columns, tmp_path: Path, words: tuple[str, ...]
) -> None:
    said = injerto("predict", model, table, "--out", tmp_path / "answers.json", *words)
    assert said.code == 0, said.err
    found = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert found["categories"][0]["keypoints"] == ["left", "right"]
    assert {(image["width"], image["height"]) for image in found["images"]} == {(32, 32)}
    answers = package.load(model).predict(table).answers
    again = package.Table.read(tmp_path / "answers.json").frame
    there = answers["left_in_picture"] >= 0.5
    assert again["left_x"].is_null().to_list() == (~there).to_list()
    assert again["left_x"].drop_nulls().to_list() == pytest.approx(answers.filter(there)["left_x"].to_list())
    assert again["right_confidence"].to_list() == pytest.approx(answers["right_confidence"].to_list())


def test_a_point_out_of_the_picture_is_not_labelled_in_coco(model: Path, table: Path, tmp_path: Path) -> None:
    found = package.load(model).predict(table)
    changed = found.answers.with_columns(left_in_picture=pl.Series([0.4] + [0.9] * (ROWS - 1)))
    notes = replace(found, frame=changed).to_coco(tmp_path / "a.json")
    assert any("Probably not in the picture, and written as not labelled (v 0)" in note for note in notes)
    labels = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["annotations"]
    assert [labels[0]["keypoints"][:3], labels[1]["keypoints"][2]] == [[0, 0, 0], 2]


def test_answers_as_deeplabcut(injerto: Call, model: Path, table: Path, tmp_path: Path) -> None:
    said = injerto("predict", model, table, "--out", tmp_path / "a.csv", "--format", "deeplabcut")
    assert said.code == 0, said.err
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert lines[2] == "coords,x,y,likelihood,x,y,likelihood"
    assert len(lines) == 3 + ROWS
    answers = package.load(model).predict(table).answers
    assert package.Table.read(tmp_path / "a.csv").frame["left_x"].to_list() == pytest.approx(answers["left_x"].to_list())


def test_a_format_and_an_ending_that_do_not_fit(injerto: Call, model: Path, table: Path, tmp_path: Path) -> None:
    said = injerto("predict", model, table, "--out", tmp_path / "a.json", "--format", "deeplabcut")
    assert said.code == 1
    assert "ends in '.json'; the format is chosen by it. Use one of: .csv" in said.err


def test_formats_of_points_are_refused_for_other_models(injerto: Call, tmp_path: Path) -> None:
    birds = {"mass": [1.0, 2.0] * 20, "species": ["wren", "jay"] * 20}
    package.train(birds, "species", budget_seconds=1, out=tmp_path / "birds.model")
    place = written(tmp_path, birds)
    for words in (("--out", tmp_path / "a.json"), ("--out", tmp_path / "a.csv", "--format", "deeplabcut")):
        said = injerto("predict", tmp_path / "birds.model", place, *words)
        assert said.code == 1
        assert "holds points on photos, and this model answers 'species' (class). Write its answers to a table" in said.err
    with pytest.raises(package.InjertoError, match="no points on photos"):
        package.load(tmp_path / "birds.model").predict(birds).to_coco(tmp_path / "a.json")


def test_scores_of_the_whole_and_of_each_point(injerto: Call, model: Path, table: Path) -> None:
    found = json.loads(injerto("evaluate", model, table, "--json").out)["targets"]["keypoints"]
    figures = {"rmse_px", "mean_px", "median_px", "nme", "pck_05", "pck_10", "pck_20", "in_circle", "radius_px"}
    assert figures | {"rows", "intervals", "points"} <= found.keys()
    assert found["rows"] == ROWS
    told = found["intervals"].keys() | ({"in_circle"} if found["in_circle"] == 1 else set())  # all held: no draw says otherwise
    assert {"rmse_px", "mean_px", "median_px", "nme", "in_circle", "radius_px"} <= told
    assert found["points"].keys() == {"left", "right"}
    assert figures <= found["points"]["left"].keys()
    assert found["mean_px"] == pytest.approx((found["points"]["left"]["mean_px"] + found["points"]["right"]["mean_px"]) / 2)
    said = injerto("evaluate", model, table)
    assert said.code == 0
    assert "rmse_px" in said.out
    assert [line.split()[0] for line in said.out.split("each by itself")[1].splitlines() if "│" in line] == ["left", "right"]


def test_points_of_two_models_are_compared(injerto: Call, model: Path, table: Path) -> None:
    found = json.loads(injerto("compare", model, model, table, "--json").out)["targets"]["keypoints"]
    assert found["rows"] == ROWS
    assert found["same"] is True
    assert {"rmse_px", "mean_px", "median_px", "nme", "pck_05", "in_circle", "radius_px"} <= found.keys()
    assert found["mean_px"]["difference"] == 0
    assert found["mean_px"]["interval"] == [0, 0]


def test_a_table_with_some_of_the_points_is_scored_on_these(injerto: Call, model: Path, folder: Path, columns: Columns) -> None:
    some = {name: columns[name] for name in ("photo", "left_x", "left_y")} | {"rigth_x": columns["right_x"]}
    said = injerto("evaluate", model, written(folder, some, "some.csv"))
    assert said.code == 0, said.err
    assert "NAME_x and NAME_y: 1 point of 2, 'right'. Did you mean 'rigth_x'?" in said.err
    assert [line.split()[0] for line in said.out.split("each by itself")[1].splitlines() if "│" in line] == ["left"]
    said = injerto("evaluate", model, written(folder, {"photo": columns["photo"]}, "none.csv"))
    assert said.code == 1
    assert "lacks 4 column(s) this model reads" in said.err


def test_what_is_given_beside_a_schema_replaces_what_it_says(injerto: Call, table: Path, schema: Path, tmp_path: Path) -> None:
    words = ("--schema", schema, "--mirror", "left:right", "--drop", "right_x", "--write", tmp_path / "s.toml")
    said = injerto("check", table, *words)
    assert said.code == 1
    assert "'right' in the pair 'left' and 'right' is no point" in said.err
    assert injerto("check", table, "--schema", schema, "--no-mirror", "--write", tmp_path / "s.toml").code == 0
    assert package.Schema.read(tmp_path / "s.toml").targets["keypoints"].mirror == []
    said = injerto("check", table, "--schema", schema, "--target", "left_x")
    assert said.code == 1
    assert "Keypoints are a model's only target, but 'left_x' is asked for as well" in said.err


def test_dots_are_found(injerto: Call, tmp_path: Path) -> None:
    """Two kinds of dots on 200 small photos, learned in a few epochs: nearer than 1.5 pixels, where guessing is off by 8."""
    place = written(tmp_path, dots(tmp_path, 200, seed=1))
    draft = tmp_path / "draft.toml"
    assert injerto("check", place, "--keypoints", "--no-mirror", "--write", draft).code == 0
    text = draft.read_text(encoding="utf-8").replace("[training]\n", "[training]\nepochs = 5\n")
    draft.write_text(text, encoding="utf-8")
    said = injerto("train", place, "--schema", draft, "--out", tmp_path / "dots.model", "--json")
    assert said.code == 0, said.err
    score = json.loads(said.out)["scores"]["test"]["keypoints"]
    assert score["baseline"]["mean_px"] > 5
    assert {name: figures["mean_px"] < 1.5 for name, figures in score["points"].items()} == {"left": True, "right": True}
    new = written(tmp_path / "new", dots(tmp_path / "new", 30, seed=2))
    found = json.loads(injerto("evaluate", tmp_path / "dots.model", new, "--json").out)["targets"]["keypoints"]
    assert found["mean_px"] < 1.5


def test_listening_and_embeddings_are_refused(injerto: Call, model: Path, folder: Path, tmp_path: Path) -> None:
    said = injerto("listen", model, folder, "--out", tmp_path / "events.csv")
    assert said.code == 1
    assert "The model has no column of sounds, and listening needs one: it reads 'photo' (image)" in said.err
    said = injerto("embeddings", model, "photo")
    assert said.code == 1
    assert "This model has no category column" in said.err


def test_a_run_that_was_stopped_goes_on_and_ends_the_same(
    injerto: Call, table: Path, folder: Path, schema: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = schema.read_text(encoding="utf-8").replace("epochs = 1\n", "epochs = 2\n")
    (folder / "two.toml").write_text(text, encoding="utf-8")
    words = ("train", table, "--schema", folder / "two.toml", "--out")
    assert injerto(*words, folder / "calm.model").code == 0

    def saved(path: Path, *_: object) -> None:
        original(path, *_)
        raise KeyboardInterrupt

    original = Checkpoint.save
    monkeypatch.setattr(Checkpoint, "save", saved)
    assert injerto(*words, folder / "stopped.model").code == 130
    assert (folder / ".stopped.model.unfinished" / "points.safetensors").exists()
    monkeypatch.setattr(Checkpoint, "save", original)
    said = injerto(*words, folder / "stopped.model")
    assert said.code == 0, said.err
    assert "Goes on where an earlier run" in said.err
    calm, again = (folder / f"{name}.model" / "weights.safetensors" for name in ("calm", "stopped"))
    assert calm.read_bytes() == again.read_bytes()
