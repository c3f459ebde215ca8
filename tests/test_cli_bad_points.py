"""Bad tables of points through the front door: each is said before training, and what a person should do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

import injerto as package
from injerto.cli.app import run
from made_dots import Columns, dots, photo_of, written
from made_media import exif
from said import Call, caller

ROWS, WIDTH, HEIGHT = 40, 32, 20


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("photos")


@pytest.fixture(scope="module")
def good(folder: Path) -> Columns:
    """Photos wider than high."""
    return dots(folder, ROWS, size=(WIDTH, HEIGHT))


def trained(folder: Path, columns: Columns, name: str, *words: object) -> int:
    """One epoch through the door."""
    table = package.Table.of(columns, folder=folder)
    schema = package.declare(table, package.Wishes(keypoints=True))
    training = schema.training.model_copy(update={"epochs": 1})
    schema.model_copy(update={"training": training}).write(folder / f"{name}.toml")
    place = written(folder, columns, f"{name}.csv")
    with pytest.MonkeyPatch.context() as patch:
        line = ["injerto", "train", place, "--schema", folder / f"{name}.toml", "--out", folder / f"{name}.model", *words]
        patch.setattr(sys, "argv", [str(word) for word in line])
        with pytest.raises(SystemExit) as stop:
            run()
    return int(stop.value.code or 0)


@pytest.fixture(scope="module")
def model(folder: Path, good: Columns) -> Path:
    assert trained(folder, good, "dots") == 0
    return folder / "dots.model"


def scaled(columns: Columns, x: float, y: float) -> Columns:
    factors = {"x": x, "y": y}
    return {name: cells if name == "photo" else [cell * factors[name[-1]] for cell in cells] for name, cells in columns.items()}


def swapped(columns: Columns) -> Columns:
    names = {"left_x": "left_y", "left_y": "left_x", "right_x": "right_y", "right_y": "right_x"}
    return {names.get(name, name): cells for name, cells in columns.items()}


def first(cell: object, name: str, columns: Columns) -> Columns:
    return columns | {name: [cell, *columns[name][1:]]}


def without(columns: Columns, name: str) -> Columns:
    return {column: cells for column, cells in columns.items() if column != name}


WRONG = {
    "on photos twice as large": (lambda c: scaled(c, 2, 2), "were they marked on photos about"),
    "x and y swapped": (swapped, "Swap the columns of x and y."),
    "shares of the photo": (
        lambda c: scaled(c, 1 / WIDTH, 1 / HEIGHT),
        "They seem to be shares of the photo: multiply x by its width and y by its height.",
    ),
    "half of a pair": (
        lambda c: without(c, "right_y"),
        "Column 'right_x' holds one coordinate of a point, but there is no 'right_y'.",
    ),
    "text": (lambda c: first("middle", "left_x", c), "Column 'left_x' is a coordinate of the point 'left', but:"),
    "no point known anywhere": (
        lambda c: c | {name: [None] * ROWS for name in ("left_x", "left_y", "right_x", "right_y")},
        "Point 'left' has no place in any row.",
    ),
    "one point known nowhere": (
        lambda c: c | {"right_x": [None] * ROWS, "right_y": [None] * ROWS},
        "Point 'right' has no place in any row. Fill some in, or leave it out with --drop right_x --drop right_y.",
    ),
    "no photos": (lambda c: without(c, "photo"), "has no column of photos that the points could lie on"),
    "no points": (lambda c: {"photo": c["photo"]}, "has no points: a point NAME is a pair of columns NAME_x and NAME_y"),
    "two photos": (lambda c: c | {"back": c["photo"][::-1]}, "Leave the others out with --drop."),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("verb", ["check", "train"])
def test_a_wrong_table_is_refused_before_training(injerto: Call, folder: Path, good: Columns, wrong: str, verb: str) -> None:
    change, words = WRONG[wrong]
    place = written(folder, change(good), "wrong.csv")
    said = injerto(verb, place, "--keypoints", *(("--out", folder / "wrong.model") if verb == "train" else ()))
    assert said.code == 1
    assert words in said.err
    assert not (folder / "wrong.model").exists()


def test_a_few_points_outside_are_a_warning_with_their_rows(injerto: Call, folder: Path, good: Columns) -> None:
    said = injerto("check", written(folder, first(900.0, "left_x", good), "stray.csv"), "--keypoints")
    assert said.code == 0
    assert "1 of 80 known points lies outside its photo, such as 'left' in row 0 at (900," in said.err


@pytest.mark.parametrize(
    ("words", "said_to_be"),
    [
        (("--mirror", "left:rigth"), "'rigth' in the pair 'left' and 'rigth' is no point. Did you mean 'right'?"),
        (("--mirror", "left"), "--mirror left: a pair is two names with a colon between them, as left_eye:right_eye."),
        (("--mirror", "left:right", "--no-mirror"), "Give one of the two."),
        (("--source", "photgrapher"), "has no column 'photgrapher'"),
        (("--target", "left_x"), "Keypoints are a model's only target, but 'left_x' is asked for as well."),
        (("--group", "nest"), "has no column 'nest'"),
    ],
)
def test_a_slip_in_what_is_asked(injerto: Call, folder: Path, good: Columns, words: tuple[str, ...], said_to_be: str) -> None:
    said = injerto("check", written(folder, good), "--keypoints", *words)
    assert said.code == 1
    assert said_to_be in said.err


@pytest.mark.parametrize(
    ("words", "said_to_be"),
    [
        (
            (),
            "No target: say which column is to be predicted. The pairs of columns NAME_x and NAME_y ('left', 'right') can be ",
        ),
        (("--target", "points:keypoints"), "Use --keypoints: every pair of columns NAME_x and NAME_y is then a point"),
        (("--target", "left_x:landmarks"), "Use --keypoints"),
        (("--mirror", "left:right"), "are options of keypoints: ask for keypoints, too, with --keypoints."),
        (("--no-mirror",), "are options of keypoints"),
        (("--source", "photo"), "are options of keypoints"),
        (("--keypoints", "--mode", "probe"), "Points have no probe"),
    ],
)
def test_who_does_not_ask_for_keypoints_is_told_how(
    injerto: Call, folder: Path, good: Columns, words: tuple[str, ...], said_to_be: str
) -> None:
    said = injerto("train", written(folder, good), *words, "--out", folder / "no.model")
    assert said.code == 1
    assert said_to_be in said.err


def test_check_without_a_target_tells_of_keypoints(injerto: Call, folder: Path, good: Columns) -> None:
    said = injerto("check", written(folder, good))
    assert said.code == 0
    assert "ask for them with --keypoints." in said.err


def test_two_animals_on_one_photo_are_told_of(injerto: Call, folder: Path, good: Columns) -> None:
    two = {name: cells + (cells if name == "photo" else cells[::-1]) for name, cells in good.items()}
    said = injerto("check", written(folder, two, "two.csv"), "--keypoints")
    assert said.code == 0
    assert "in more than one row, with points far apart, as '000.png' in rows 0 and 40." in said.err
    hands = {name: cells + (cells if name == "photo" else [cell + 0.5 for cell in cells]) for name, cells in good.items()}
    assert "far apart" not in injerto("check", written(folder, hands, "hands.csv"), "--keypoints").err


def test_what_networks_and_boxes_say_is_left_out_with_the_reason(injerto: Call, folder: Path, good: Columns) -> None:
    numbers = np.random.default_rng(0).uniform(1, 9, ROWS).round(3).tolist()
    more = ("left_confidence", "left_radius", "left_in_picture", "score", "box_x", "box_y", "box_width", "box_height")
    place = written(folder, good | dict.fromkeys(more, numbers), "more.csv")
    said = injerto("check", place, "--keypoints", "--json")
    assert said.code == 0, said.err
    reasons = {column["name"]: column["reason"] for column in json.loads(said.out)["columns"]}
    assert all(reasons[name].startswith("what a network said of points") for name in more[:4])
    assert all(reasons[name].startswith("the box around the subject") for name in more[4:])


def test_a_column_called_keypoints_is_a_column_like_others(injerto: Call, folder: Path, good: Columns) -> None:
    place = written(folder, good | {"keypoints": [f"k{row % 3}" for row in range(ROWS)]}, "named.csv")
    said = injerto("check", place, "--keypoints", "--json")
    assert said.code == 0, said.err
    roles = {column["name"]: column["role"] for column in json.loads(said.out)["columns"]}
    assert roles["keypoints"] == "dropped"


def test_a_row_without_points_costs_nothing_and_a_bad_photo_is_listed(injerto: Call, folder: Path, good: Columns) -> None:
    (folder / "cut.png").write_bytes((folder / "000.png").read_bytes()[:60])
    columns = {name: list(cells) for name, cells in good.items()}
    for name in ("left_x", "left_y", "right_x", "right_y"):
        columns[name][3] = None
    columns["left_x"][4] = columns["left_y"][4] = None
    columns["photo"][7], columns["photo"][8], columns["photo"][9] = "cut.png", "gone.png", None
    said = injerto("check", written(folder, columns, "holes.csv"), "--keypoints", "--json")
    assert said.code == 3, said.err
    assert [entry["file"] for entry in json.loads(said.out)["unreadable"]] == ["cut.png", "gone.png"]
    assert trained(folder, columns, "holes") == 3
    ledger = pl.read_csv(folder / "holes.model" / "ledger.csv")
    assert ledger.filter(pl.col("sort") == "unreadable")["row"].to_list() == [7, 8, 9]
    assert ledger.filter(pl.col("sort") == "unlabelled")["row"].to_list() == [3]
    said = injerto("predict", folder / "holes.model", folder / "holes.csv", "--out", folder / "holes.json")
    assert said.code == 3
    assert "Not written, as they have no answer: 3 of 40 rows." in said.err
    labels = json.loads((folder / "holes.json").read_text(encoding="utf-8"))
    assert len(labels["annotations"]) == ROWS - 3
    said = injerto("predict", folder / "holes.model", folder / "holes.csv", "--out", folder / "holes_answers.csv")
    assert said.code == 3
    answers = pl.read_csv(folder / "holes_answers.csv")
    assert answers.filter(pl.col("problem").is_not_null())["row"].to_list() == [7, 8, 9]
    assert answers["left_x"].null_count() == 3
    said = injerto("evaluate", folder / "holes.model", folder / "holes.csv", "--json")
    assert said.code == 3
    assert json.loads(said.out)["unusable"] == 3


def test_a_table_of_unreadable_photos(injerto: Call, model: Path, tmp_path: Path) -> None:
    place = written(tmp_path, {"photo": ["gone.png", "gone too.png"], "left_x": [1.0, 2.0], "left_y": [1.0, 2.0]})
    said = injerto("predict", model, place, "--out", tmp_path / "a.csv")
    assert said.code == 3
    assert pl.read_csv(tmp_path / "a.csv")["problem"].null_count() == 0
    said = injerto("predict", model, place, "--out", tmp_path / "a.json")
    assert said.code == 1
    assert "None of 2 rows has an answer, so there is nothing to write. The first: photo: gone.png:" in said.err
    said = injerto("evaluate", model, place)
    assert said.code == 3
    assert "each by itself" not in said.out


def test_a_photo_at_twice_the_size_is_answered_in_its_own_pixels(injerto: Call, model: Path, tmp_path: Path) -> None:
    small = photo_of((8.0, 6.0), (20.0, 12.0), (WIDTH, HEIGHT), np.zeros((HEIGHT, WIDTH)))
    small.save(tmp_path / "small.png")
    small.resize((2 * WIDTH, 2 * HEIGHT), Image.Resampling.BICUBIC).save(tmp_path / "large.png")
    said = injerto("predict", model, written(tmp_path, {"photo": ["small.png", "large.png"]}), "--out", tmp_path / "a.parquet")
    assert said.code == 0, said.err
    answers = pl.read_parquet(tmp_path / "a.parquet")
    for name in ("left_x", "left_y", "right_x", "right_y"):
        once, twice = answers[name].to_list()
        assert twice == pytest.approx(2 * once + 0.5, abs=1.0)  # (0,0) is the centre of a pixel
    once, twice = answers["left_radius"].to_list()
    assert twice == pytest.approx(2 * once, rel=0.2)


def test_a_photo_stored_on_its_side_is_answered_as_it_is_stored(injerto: Call, model: Path, tmp_path: Path) -> None:
    """Orientation 6 says: turn me clockwise to look at me. Both files look the same, so x and y of the stored one differ."""
    upright = photo_of((8.0, 6.0), (20.0, 12.0), (WIDTH, HEIGHT), np.zeros((HEIGHT, WIDTH)))
    upright.save(tmp_path / "upright.png")
    upright.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "side.png", exif=exif(6))
    said = injerto("predict", model, written(tmp_path, {"photo": ["upright.png", "side.png"]}), "--out", tmp_path / "a.parquet")
    assert said.code == 0, said.err
    up, side = pl.read_parquet(tmp_path / "a.parquet").to_dicts()
    for name in ("left", "right"):
        assert side[f"{name}_x"] == pytest.approx(up[f"{name}_y"], abs=1e-4)
        assert side[f"{name}_y"] == pytest.approx(WIDTH - 1 - up[f"{name}_x"], abs=1e-4)


def test_tables_without_what_evaluation_needs(injerto: Call, model: Path, folder: Path, good: Columns) -> None:
    place = written(folder, good | {name: [None] * ROWS for name in ("left_x", "left_y", "right_x", "right_y")}, "empty.csv")
    said = injerto("evaluate", model, place)
    assert said.code == 1
    assert "has no known label in its 40 rows, so there is nothing to score" in said.err
    said = injerto("evaluate", model, written(folder, without(good, "photo"), "blind.csv"))
    assert said.code == 1
    assert "has no column 'photo'" in said.err
