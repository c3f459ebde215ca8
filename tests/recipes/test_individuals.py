"""The chain as a whole on small photos: what is kept, what is listed, what goes on where it was. Accuracy is for benchmarks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from injerto.errors import ArtifactError, ColumnError, OutputError, TrainingError
from injerto.progress import Silent
from injerto.recipes.individuals import train_recipe
from injerto.recipes.recipe import Recipe, load_recipe
from injerto.recipes.wishes import RecipeWishes
from injerto.table.passport import Frame
from injerto.table.table import Table
from made_heads import MARKS, heads

pytestmark = pytest.mark.slow

WISHES = RecipeWishes("animal", budget_seconds=6, epochs=1, frame=Frame(side_pixels=64), sighting="sighting")
UNMARKED, BROKEN, NO_AREA, ONE_PLACE = 5, 6, 9, 10


class Told(Silent):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """40 photos, two a sighting; one without marks, one that is no photo, one box without an area, one with both points at one
    place.
    """
    folder = tmp_path_factory.mktemp("photos")
    frame = heads(folder, 40).with_columns((pl.int_range(pl.len()) // 8 * 4 + pl.int_range(pl.len()) % 4).alias("sighting"))
    row = pl.int_range(pl.len())
    frame = frame.with_columns(pl.when(row == UNMARKED).then(None).otherwise(pl.col(name)).alias(name) for name in MARKS)
    frame = frame.with_columns(pl.when(row == NO_AREA).then(0.0).otherwise(pl.col("box_width")).alias("box_width"))
    for axis in "xy":
        nose = pl.when(row == ONE_PLACE).then(pl.col(f"nape_{axis}")).otherwise(pl.col(f"nose_{axis}"))
        frame = frame.with_columns(nose.alias(f"nose_{axis}"))
    (folder / f"{BROKEN:03d}.png").write_bytes(b"no photo")
    return Table.of(frame, folder=folder)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recipes") / "animals.recipe"


@pytest.fixture(scope="module")
def recipe(table: Table, out: Path) -> Recipe:
    return train_recipe(table, WISHES, out)


def test_the_folder_holds_the_chain(recipe: Recipe, out: Path):
    names = {"recipe.toml", "locator", "pointer", "identifier", "passports", "passports.csv", "scores.json", "index.html"}
    assert names <= {path.name for path in out.iterdir()}
    assert all((out / stage / "report.html").is_file() for stage in ("locator", "pointer", "identifier"))
    assert load_recipe(out).declared == recipe.declared
    assert recipe.declared.look is not None
    assert recipe.declared.drawn is not None


def test_every_row_has_a_line_and_a_passport_photo_or_a_reason(recipe: Recipe, out: Path, table: Table):
    lines = pl.read_csv(out / "passports.csv")
    assert lines["row"].to_list() == list(range(len(table)))
    assert (lines["passport"].is_null() == lines["problem"].is_not_null()).all()
    assert lines["passport"][BROKEN] is None
    with Image.open(out / lines["passport"][0]) as picture:
        assert (picture.format, picture.size) == ("JPEG", (64, 64))


def test_marks_are_kept_as_they_are(recipe: Recipe, out: Path, table: Table):
    lines = pl.read_csv(out / "passports.csv")
    whole = [row for row in range(len(table)) if row not in (UNMARKED, BROKEN, NO_AREA, ONE_PLACE)]
    for name in MARKS:
        assert lines[name].gather(whole).to_list() == table.frame[name].gather(whole).to_list()
    assert [lines["marked"][row] for row in (0, UNMARKED, NO_AREA, ONE_PLACE)] == ["both", "", "points", "box"]


def test_marks_and_photos_that_cannot_be_used_are_listed(recipe: Recipe, out: Path):
    ledger = pl.read_csv(out / "ledger.csv")
    reasons = {row: reason for row, _, _, reason in ledger.rows()}
    assert "no area" in reasons[NO_AREA]
    assert "both" in reasons[ONE_PLACE] or "same place" in reasons[ONE_PLACE]
    assert "not a picture" in reasons[BROKEN]


def test_one_split_for_all_stages(recipe: Recipe, out: Path):
    """A sighting stands on one side, and rows that test train no stage."""
    lines = pl.read_csv(out / "passports.csv")
    assert lines.group_by("sighting").agg(pl.col("split").n_unique())["split"].max() == 1
    trained = int((lines["split"] == "train").sum())
    # The pointer learns from each twice, in its box and in one that is off.
    for stage, times in ((recipe.locator, 1), (recipe.pointer, 2), (recipe.identifier, 1)):
        assert len(stage.artifact.rows.train) <= times * trained


def test_scores_are_of_every_stage(recipe: Recipe, out: Path):
    scores = json.loads((out / "scores.json").read_text())
    assert scores == recipe.scores()
    assert 0 <= scores["locator"]["iou_median"] <= 1
    assert set(scores["pointer"]) == {"in_marked_boxes", "in_found_boxes", "boxes_around_points"}
    assert scores["pointer"]["boxes_around_points"]["rows"] == scores["locator"]["rows"]
    assert scores["identifier"]["rows"] + scores["identifier"]["lost"] > 0
    low, high = scores["locator"]["intervals"]["iou_from_0.5"]
    assert low <= scores["locator"]["iou_from_0.5"] <= high
    for asked in ("on_marked_points", "on_found_points"):  # empty where no passport photo could be made without the marks
        figures = scores["identifier"][asked]
        assert not figures or figures["intervals"].keys() <= figures.keys()
    page = (out / "index.html").read_text(encoding="utf-8")
    assert re.search(r"overlap of 0\.5 or more</td><td><b>[0-9.]+% \([0-9.]+% to [0-9.]+%\)", page)


def test_finished_stages_are_kept(recipe: Recipe, out: Path, table: Table):
    told = Told()
    train_recipe(table, WISHES, out, progress=told)
    for stage in ("locator", "pointer", "identifier"):
        assert f"The {stage} stands already, and is kept." in told.sentences


def test_other_names_train_the_identifier_alone_anew(recipe: Recipe, out: Path, table: Table, tmp_path: Path):
    told = Told()
    other = replace(table, frame=table.frame.with_columns(pl.col("animal").replace("ash", "oak")))
    with pytest.raises(OutputError, match="holds a recipe of other rows or options"):
        train_recipe(other, WISHES, out)
    train_recipe(other, WISHES, out, force=True, progress=told)
    assert "The locator stands already, and is kept." in told.sentences
    assert "Training the identifier." in told.sentences


def test_new_photos(recipe: Recipe, table: Table):
    asked = Table.of({"file": ["000.png", f"{BROKEN:03d}.png", "gone.png", None]}, folder=table.folder)
    asked = replace(asked, frame=asked.frame.rename({"file": "photo"}))
    made = recipe.apply(asked)
    assert made.frame["row"].to_list() == [0, 1, 2, 3]
    assert made.frame["problem"].is_null().to_list()[1:] == [False] * 3
    assert {entry.row for entry in made.ledger} >= {1, 2, 3}
    assert len(recipe.identifier.predict(made.table).answers) == 4


def test_marks_of_new_photos_are_kept(recipe: Recipe, table: Table):
    made = recipe.apply(table.take(np.array([0, 1])))
    assert made.frame["nose_x"].to_list() == table.frame["nose_x"].to_list()[:2]
    assert made.frame["head_there"].is_null().all()
    assert made.frame["sighting"].to_list() == table.frame["sighting"].to_list()[:2]


def test_the_page_shows_heads_and_tells_problems(recipe: Recipe, out: Path):
    page = (out / "index.html").read_text()
    assert 'href="pointer/report.html"' in page
    assert "passports/" in page
    assert "data:image/jpeg" in page
    assert "not a picture" in page


def test_too_few_marks(table: Table, tmp_path: Path):
    few = replace(
        table, frame=table.frame.with_columns(pl.when(pl.int_range(pl.len()) < 4).then(pl.col(n)).alias(n) for n in MARKS)
    )
    with pytest.raises(TrainingError, match=r"rows to train with are marked with a box that can be used; 10 are the least"):
        train_recipe(few, WISHES, tmp_path / "out")


def test_columns_that_are_not_there(table: Table, tmp_path: Path):
    with pytest.raises(ColumnError, match=r"no column 'anmal'\. Did you mean 'animal'"):
        train_recipe(table, "anmal", tmp_path / "out")


def test_a_folder_that_holds_something_else_is_left_alone(table: Table, tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="exists and is no recipe"):
        train_recipe(table, WISHES, tmp_path)


def test_no_recipe_is_opened_where_there_is_none(recipe: Recipe, out: Path, tmp_path: Path):
    with pytest.raises(ArtifactError, match=r"holds no recipe: it has no file recipe\.toml"):
        load_recipe(tmp_path)
    with pytest.raises(ArtifactError, match="is a model, not a recipe"):
        load_recipe(out / "locator")
    (tmp_path / "recipe.toml").write_text('recipe = "soup"')
    with pytest.raises(ArtifactError, match="it is no recipe of the kind 'individuals'"):
        load_recipe(tmp_path)
