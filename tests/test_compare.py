"""Two models beside each other through both doors: what counts, what is said, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import injerto as package
from injerto.compare_notes import of_either
from injerto.errors import ColumnError, ComparisonError, TableError
from said import Call, caller

Columns = dict[str, list[Any]]


def nests(count: int, first: int = 0, kinds: tuple[str, ...] = ("jay", "wren")) -> Columns:
    """Nests of four birds of a kind; the mass tells which in most rows, the wing in all."""
    random = np.random.default_rng(first)
    kind = [kinds[nest % len(kinds)] for nest in range(count) for _ in range(4)]
    size = np.array([1.0 + kinds.index(name) for name in kind])
    return {
        "nest": [f"nest {first + row // 4}" for row in range(4 * count)],
        "mass_g": (size * 10 + random.normal(0, 6, len(kind))).round(2).tolist(),
        "wing_mm": (size * 50 + random.normal(0, 5, len(kind))).round(2).tolist(),
        "species": kind,
        "calls": [f"alarm;{name}" if row % 3 else name for row, name in enumerate(kind)],
        "age_days": (size * 3 + random.normal(0, 0.5, len(kind))).round(2).tolist(),
    }


def trained(inputs: list[str], targets: dict[str, str], table: Columns, group: str | None = "nest") -> package.Model:
    schema = package.Schema(
        inputs={name: package.Input(kind="number") for name in inputs},
        targets={name: package.Target.model_validate({"kind": kind}) for name, kind in targets.items()},
        split=package.Split(group=group),
        training=package.Training(epochs=12, seed=1),
    )
    return package.train(table, schema=schema)


KINDS = {"species": "class", "calls": "classes", "age_days": "number"}


@pytest.fixture(scope="module")
def by_mass() -> package.Model:
    return trained(["mass_g"], KINDS, nests(40))


@pytest.fixture(scope="module")
def by_wing() -> package.Model:
    """It answers one target less, another kind of one, and splits by rows."""
    return trained(["wing_mm"], {"species": "class", "calls": "class", "age_days": "number"}, nests(40), group=None)


@pytest.fixture(scope="module")
def folder(by_mass: package.Model, by_wing: package.Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models")
    by_mass.save(place / "mass.model")
    by_wing.save(place / "wing.model")
    pl.DataFrame(nests(15, first=100)).write_csv(place / "new.csv")
    return place


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch, "compare")


def test_the_better_model_is_named_with_the_interval_of_groups(by_mass: package.Model, by_wing: package.Model) -> None:
    found = by_mass.compare(by_wing, nests(15, first=100))
    species = found.targets["species"]
    assert (species.rows, species.units, species.groups) == (60, 15, ("nest",))
    accuracy = species.figures["accuracy"]
    assert accuracy.difference == accuracy.b - accuracy.a > 0
    assert accuracy.interval is not None and 0 < accuracy.interval[0] <= accuracy.difference <= accuracy.interval[1]
    assert accuracy.better == "B"
    assert species.words[0].startswith("B is better: accuracy higher by 0.")
    assert species.figures["log_loss"].better == "B" and species.figures["log_loss"].difference < 0
    assert "log_loss" in species.words[1]
    assert found.targets["age_days"].words[0].startswith("B is better: mean absolute error lower by ")
    assert "'calls' is not compared: it is of the kind classes in A and class in B." in found.notes


def test_figures_are_those_of_an_evaluation(by_mass: package.Model, by_wing: package.Model) -> None:
    rows = nests(15, first=100)
    found = by_mass.compare(by_wing, rows).targets["species"].figures
    for letter, model in (("a", by_mass), ("b", by_wing)):
        assert {name: vars(one)[letter] for name, one in found.items()} == model.evaluate(rows).targets["species"].figures


def test_only_rows_that_both_can_use_and_that_are_labelled_count(by_mass: package.Model, by_wing: package.Model) -> None:
    rows = nests(15, first=100)
    rows["mass_g"][:3] = ["heavy", "light", "heavy"]
    rows["wing_mm"][2:4] = ["long", "long"]
    rows["species"][10] = None
    found = by_mass.compare(by_wing, rows)
    assert found.unusable == {"A": 3, "B": 2, "both": 1}
    assert found.targets["species"].rows == 60 - 4 - 1
    assert found.targets["age_days"].rows == 60 - 4
    note = "4 of 60 rows left out: 3 cannot be used by A and 2 not by B, 1 of them by neither."
    assert any(one.startswith(note) for one in found.notes)
    assert sorted(entry.row for entry in found.ledger) == [0, 1, 2, 2, 3]


def test_a_model_beside_itself_is_said_to_be_the_same(by_mass: package.Model) -> None:
    found = by_mass.compare(by_mass, nests(15, first=100))
    assert found.targets.keys() == KINDS.keys()
    for target in found.targets.values():
        assert target.words == ["no difference at all: both models give the same answers."]
        assert {one.interval for one in target.figures.values()} == {(0.0, 0.0)}
        assert {one.better for one in target.figures.values()} == {None}


def test_notes_say_which_model_they_are_of(by_mass: package.Model, by_wing: package.Model) -> None:
    said = "A and B: This is the table the model was trained on"
    assert any(note.startswith(said) for note in by_mass.compare(by_wing, nests(40)).notes)
    assert of_either(["taught"], ["strange", "taught"]) == ["A and B: taught", "B: strange"]


@pytest.mark.parametrize(
    ("count", "words", "interval"),
    [
        (1, "has 1 group of 'nest' to compare. Fewer than 6 groups can show no difference", False),
        (5, "has 5 groups of 'nest' to compare. Fewer than 6 groups can show no difference", False),
        (7, "has 7 groups of 'nest' to compare. With fewer than 10 groups intervals are rough.", True),
    ],
)
def test_few_groups_are_noted(by_mass: package.Model, by_wing: package.Model, count: int, words: str, interval: bool) -> None:
    found = by_mass.compare(by_wing, nests(count, first=100))
    assert any(f"'species' {words}" in note for note in found.notes)
    accuracy = found.targets["species"].figures["accuracy"]
    assert (accuracy.interval is not None) == interval
    assert interval or "too little to tell a difference in accuracy from chance: B - A is" in accuracy.words


def test_one_row_is_too_little(by_mass: package.Model, by_wing: package.Model) -> None:
    rows = {name: cells[:1] for name, cells in nests(1).items() if name != "nest"}
    found = by_mass.compare(by_wing, rows)
    assert any("has 1 row to compare. Fewer than 6 rows" in note for note in found.notes)
    assert any(note.startswith("A model was split by 'nest', a column that the table lacks.") for note in found.notes)


def test_a_column_of_groups_can_be_named(by_mass: package.Model, by_wing: package.Model) -> None:
    rows = nests(15, first=100)
    rows["wood"] = [row // 10 for row in range(60)]
    found = by_mass.compare(by_wing, rows, group="wood")
    assert (found.targets["species"].units, found.targets["species"].groups) == (6, ("wood",))
    with pytest.raises(ColumnError, match=r"has no column 'wod'\. Did you mean 'wood'?"):
        by_mass.compare(by_wing, rows, group="wod")


def test_models_that_know_different_classes_are_told_of(by_mass: package.Model) -> None:
    rows = nests(40, kinds=("jay", "owl"))
    other = trained(["wing_mm"], {"species": "class", "calls": "classes"}, rows)
    found = by_mass.compare(other, nests(16, first=100, kinds=("jay", "owl", "wren")))
    (note,) = [note for note in found.notes if note.startswith("The models know different classes")]
    assert "classes of 'species': only A knows wren; only B knows owl. Rows of a class" in note
    species = found.targets["species"]
    assert {"log_loss", "brier", "auc"} == species.apart.keys()
    assert "accuracy" in species.figures and "log_loss" not in species.figures
    assert species.to_json()["auc"]["difference"] is None
    assert "Of 'calls' 2 labels are compared, those that both models know: only A knows wren; only B knows owl." in found.notes
    assert "'age_days' is not compared: only A answers it." in found.notes


def test_models_without_a_common_target_are_refused(by_mass: package.Model) -> None:
    other = trained(["mass_g"], {"wing_mm": "number"}, nests(40))
    words = r"share no target.*A answers 'species' \(class\), .*; B answers 'wing_mm' \(number\)\. Compare models that"
    with pytest.raises(ComparisonError, match=words):
        by_mass.compare(other, nests(15))


def test_a_column_that_lacks_is_said_by_the_model_that_reads_it(by_mass: package.Model, by_wing: package.Model) -> None:
    rows = nests(15)
    rows["wing"] = rows.pop("wing_mm")
    with pytest.raises(
        ColumnError, match=r"Model B, the second: The table .* lacks 1 column.*\n  - 'wing_mm' Did you mean 'wing'"
    ):
        by_mass.compare(by_wing, rows)


def test_rows_that_do_not_count_are_no_comparison(by_mass: package.Model, by_wing: package.Model) -> None:
    rows = nests(2)
    with pytest.raises(
        ComparisonError, match=r"None of the 8 rows .* can be used by both models: 8 cannot be used by A, 0 not"
    ):
        by_mass.compare(by_wing, rows | {"mass_g": ["heavy"] * 8})
    with pytest.raises(TableError, match="no known label"):
        by_mass.compare(by_wing, rows | {name: [None] * 8 for name in KINDS})
    half = {"mass_g": ["heavy"] * 4 + rows["mass_g"][4:], "species": rows["species"][:4] + [None] * 4}
    half |= {"age_days": [None] * 8, "wing_mm": rows["wing_mm"]}
    with pytest.raises(
        ComparisonError, match=r"No row counts for both models, .*\n.*'species' is not compared: no row that both"
    ):
        by_mass.compare(by_wing, half)


def test_the_command_says_what_python_says(injerto: Call, folder: Path, by_mass: package.Model, by_wing: package.Model) -> None:
    words = folder / "mass.model", folder / "wing.model", folder / "new.csv"
    said = injerto(*words, "--json")
    assert said.code == 0
    told = json.loads(said.out)
    assert (told["a"], told["b"], told["rows"]) == (str(words[0]), str(words[1]), 60)
    accuracy = told["targets"]["species"]["accuracy"]
    assert accuracy["better"] == "B"
    python = by_mass.compare(by_wing, folder / "new.csv").targets["species"].figures["accuracy"]
    assert (accuracy["difference"], tuple(accuracy["interval"])) == (python.difference, python.interval)
    shown = injerto(*words)
    assert shown.code == 0
    assert f"A is {words[0]}\nB is {words[1]}" in shown.out
    assert "species: 60 of 60 rows count for both models, in 15 groups of 'nest'" in shown.out
    assert "species: B is better: accuracy higher by" in shown.out
    assert "Note: 'calls' is not compared" in shown.err


def test_rows_that_cannot_be_used_have_their_code_and_list(injerto: Call, folder: Path, tmp_path: Path) -> None:
    rows = nests(15, first=100)
    rows["mass_g"][4] = "heavy"
    pl.DataFrame(rows, strict=False).write_csv(tmp_path / "some.csv")
    said = injerto(folder / "mass.model", folder / "wing.model", tmp_path / "some.csv")
    assert said.code == 3
    assert "row 4, mass_g: 'heavy' is not a number" in said.err
    assert "Note: 1 of 60 rows left out: 1 cannot be used by A and 0 not by B." in said.err


def test_mistyped_paths_are_one_message(injerto: Call, folder: Path) -> None:
    said = injerto(folder / "mas.model", folder / "wing.model", folder / "new.csv")
    assert said.code == 1
    assert "does not exist. Did you mean 'mass.model'?" in said.err
    said = injerto(folder / "mass.model", folder / "new.csv", folder / "wing.model")
    assert said.code == 1
    assert "it is a file. Give the folder that `injerto train --out` wrote" in said.err
    said = injerto(folder / "mass.model", folder / "wing.model", folder / "nwe.csv")
    assert said.code == 1
    assert "Did you mean 'new.csv'?" in said.err
