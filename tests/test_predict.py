"""Answers belong to their own row, whatever stands beside it, and say which row that is; scores say what they rest on."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import injerto
from columns import column
from injerto.answering import FEWEST_ROWS
from injerto.errors import ColumnError, TableError
from injerto.evaluate_notes import never_seen
from injerto.heads.number import NumberHead
from injerto.heads.several_classes import ClassesHead
from injerto.heads.single_class import ClassHead
from injerto.predict import beside
from injerto.schema.schema import Target
from injerto.table.table import Table
from small import birds, photo_folder


@pytest.fixture(scope="module")
def model() -> injerto.Model:
    random = np.random.default_rng(0)
    mass_g = random.normal(50, 10, 120)
    schema = injerto.Schema(
        inputs={"mass_g": injerto.Input(kind="number"), "site": injerto.Input(kind="category")},
        targets={"wing_mm": injerto.Target(kind="number")},
        training=injerto.Training(epochs=4),
    )
    table = {"mass_g": mass_g, "site": ["pond", "moor"] * 60, "wing_mm": mass_g * 3 + random.normal(size=120)}
    return injerto.train(table, schema=schema)


@pytest.mark.parametrize("rows", [1, 2, 7, 33, FEWEST_ROWS, 2 * FEWEST_ROWS])
def test_an_answer_does_not_depend_on_how_many_rows_are_asked(model: injerto.Model, rows: int) -> None:
    table = {"mass_g": np.linspace(20, 80, 300), "site": ["pond", "moor", "tundra"] * 100}
    whole = model.predict(table).answers["wing_mm"].to_numpy()
    part = model.predict({name: values[:rows] for name, values in table.items()}).answers["wing_mm"].to_numpy()
    # Another order of sums would show from the seventh digit on.
    assert part == pytest.approx(whole[:rows], rel=1e-12)


def test_answers_without_files_carry_the_identifiers_that_were_left_out() -> None:
    names = [f"ring {number}" for number in range(60)]
    table = {"ring": names, "mass_g": list(range(10, 40)) * 2, "species": (["wren"] * 15 + ["jay"] * 15) * 2}
    found = injerto.train(table, "species", seed=1)
    assert found.predict(table).answers.columns[:3] == ["row", "ring", "species"]
    assert found.predict(table).answers["ring"].to_list() == names
    assert found.predict({"mass_g": [10]}).answers.columns[:2] == ["row", "species"]


def test_answers_name_their_files(tmp_path: Path) -> None:
    model = injerto.train(photo_folder(tmp_path / "leaves"), "class", mode="probe", seed=1)
    answers = model.predict(tmp_path / "leaves").answers
    assert answers.columns[:3] == ["row", "file", "class"]
    assert answers["file"][0] == "green/00.png"


def test_a_flat_folder_is_answered_whatever_the_model_calls_its_photos(tmp_path: Path) -> None:
    leaves = Table.read(photo_folder(tmp_path / "leaves"))
    model = injerto.train(replace(leaves, frame=leaves.frame.rename({"file": "picture"})), "class", mode="probe", seed=1)
    found = model.predict(tmp_path / "leaves" / "green")
    assert found.frame["picture"].to_list() == [f"{index:02d}.png" for index in range(12)]
    assert found.frame["class"].to_list() == model.predict(leaves).frame["class"].to_list()[:12]


def test_of_two_columns_of_photos_neither_is_taken_for_another(tmp_path: Path) -> None:
    leaves = Table.read(photo_folder(tmp_path / "leaves"))
    model = injerto.train(replace(leaves, frame=leaves.frame.rename({"file": "picture"})), "class", mode="probe", seed=1)
    two = replace(leaves, frame=leaves.frame.with_columns(other=pl.col("file")))
    with pytest.raises(ColumnError, match=r"lacks 1 column.*\n  - 'picture'"):
        model.predict(two)


def test_a_naming_column_gives_way_to_the_columns_of_the_answers() -> None:
    cells = ["a", "b"]
    given = [column(cells, name="row"), column(cells, name="problem"), column(cells, name="problem_given")]
    assert list(beside(given, {"problem": pl.Series()})) == ["row_given", "problem_given", "problem_given_given"]


def test_a_cell_that_is_no_number_costs_its_row_only(model: injerto.Model) -> None:
    table = {"mass_g": ["40", "12,5g", "", "60"], "site": ["pond", "moor", "pond", "moor"]}
    found = model.predict(table)
    clean = model.predict({"mass_g": [40.0, None, None, 60.0], "site": table["site"]}).answers["wing_mm"]
    assert found.answers["wing_mm"].to_list() == [clean[0], None, clean[2], clean[3]]
    assert found.answers["problem"].to_list() == [None, "mass_g: '12,5g' is not a number", None, None]
    assert [entry.row for entry in found.ledger] == [1]


def test_an_evaluation_lists_such_a_cell_too(model: injerto.Model) -> None:
    found = model.evaluate({"mass_g": ["40", "heavy"], "site": ["pond", "moor"], "wing_mm": [120.0, 130.0]})
    assert found.unusable == 1
    assert [entry.reason for entry in found.ledger] == ["'heavy' is not a number"]


def test_an_input_that_is_empty_everywhere_is_named(model: injerto.Model) -> None:
    assert model.predict({"mass_g": [40, None], "site": ["", " "]}).empty == ["site"]
    assert model.predict({"mass_g": [None, float("nan")], "site": ["pond", None]}).empty == ["mass_g"]


def test_a_table_without_labels_cannot_be_scored(model: injerto.Model) -> None:
    rows = {"mass_g": [40, 50], "site": ["pond", "moor"]}
    with pytest.raises(
        TableError, match=r"no known label in its 2 rows.*\n  - 'wing_mm' \(number\): every cell is empty\nFill"
    ):
        model.evaluate(rows | {"wing_mm": [None, None]})
    with pytest.raises(TableError, match=r"'wing_mm' \(number\): row 0 holds 'long'"):
        model.evaluate(rows | {"wing_mm": ["long", None]})


def test_an_evaluation_says_when_the_rows_taught_the_model() -> None:
    table = birds(120)
    model = injerto.train(table, "species", seed=1)
    look, note = model.evaluate(table).notes
    assert look.startswith(f"{len(model.artifact.rows.test)} of the model's")
    assert "is the table the model was trained on: " in note
    assert f"on the {len(model.artifact.rows.test)} rows it never saw" in note
    assert model.evaluate(birds(120, seed=1)).notes == ()
    model.artifact.rows = replace(model.artifact.rows, test=np.arange(0))
    assert "No row was kept apart" in model.evaluate(table).notes[0]


def test_an_evaluation_names_classes_the_model_never_saw() -> None:
    single, several = Target(kind="class"), Target(kind="classes")
    heads = {
        "species": ClassHead("species", single).fit(column(["jay", "owl"])),
        "sounds": ClassesHead("sounds", several).fit(column(["frog; rain"])),
        "mass_g": NumberHead("mass_g", Target(kind="number")).fit(column([1.0, 2.0])),
    }
    table = injerto.Table.of({"species": ["jay", "kite", "kite"], "sounds": ["frog;bat", None, ""], "mass_g": [9.0, 9.0, 9.0]})
    first, second = never_seen(heads, table)
    assert first.startswith("The model has never seen these classes of 'species' and cannot answer them: kite; ")
    assert first.endswith("labels with them: 2. They count as wrong.")
    assert second.endswith("bat; labels with them: 1. They are left out of the figures.")
    assert never_seen(heads, table.take(np.array([0]))) == [second]
