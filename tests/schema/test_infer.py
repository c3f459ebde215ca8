from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from injerto.errors import ColumnError, SchemaError
from injerto.schema.check import check
from injerto.schema.infer import infer
from injerto.schema.schema import Schema
from injerto.table.table import Table

ROWS = 60
RANDOM = np.random.default_rng(0)
SPECIES = RANDOM.choice(["ant", "bee", "fly"], ROWS).tolist()
CODE = [{"ant": 7, "bee": 8, "fly": 9}[name] for name in SPECIES]
MASS = RANDOM.random(ROWS).round(3).tolist()
PLAIN = {"species": SPECIES, "mass": MASS, "site": RANDOM.choice(["north", "south"], ROWS).tolist()}


def table(**more: list[object]) -> Table:
    return Table.of(PLAIN | more)


def test_everything_is_guessed_with_a_reason() -> None:
    schema = infer(table(number=list(range(ROWS))), targets={"species": None})
    assert {name: target.kind for name, target in schema.targets.items()} == {"species": "class"}
    assert {name: given.kind for name, given in schema.inputs.items()} == {"mass": "number", "site": "category"}
    assert schema.inputs["site"].reason == "2 different texts in 60 rows: a category"
    assert "counts or names the rows" in schema.dropped["number"]


def test_every_column_lands_in_one_place() -> None:
    there = table(number=list(range(ROWS)), twin=MASS, code=CODE, day=["2024-01-01", "2024-01-02"] * 30, kind=["x"] * ROWS)
    schema = infer(there, targets={"species": None}, drop=["mass"], group="site", time="day")
    places = [*schema.targets, *schema.inputs, *schema.dropped]
    assert sorted(places) == sorted(there.columns)


def test_the_draft_survives_the_way_through_toml() -> None:
    schema = infer(table(), targets={"species": "class"}, group="site")
    assert Schema.from_toml(schema.to_toml()) == schema


def test_what_is_declared_goes_before_what_is_guessed() -> None:
    number = list(range(ROWS))
    schema = infer(table(number=number), targets={"mass": "number"}, inputs={"species": "category", "number": "number"})
    assert schema.inputs["number"].reason == schema.targets["mass"].reason == "declared"


def test_an_input_without_a_kind_is_guessed_but_kept() -> None:
    schema = infer(table(twin=MASS), targets={"species": None}, inputs={"twin": None})
    assert schema.inputs["twin"].kind == "number"
    assert schema.dropped["mass"] == "the same cells as column 'twin'"
    with pytest.raises(SchemaError, match=r"Input 'kind': constant: 'x' in every row. Say its kind"):
        infer(table(kind=["x"] * ROWS), targets={"species": None}, inputs={"kind": None})


def test_copies_are_left_out() -> None:
    schema = infer(table(twin=MASS), targets={"species": None})
    assert schema.dropped == {"twin": "the same cells as column 'mass'"}


def test_the_answer_under_another_name_is_left_out_unless_declared() -> None:
    schema = infer(table(code=CODE), targets={"species": None})
    assert "tells the answer: it is the same under other names ('species')" in schema.dropped["code"]
    assert "code" in infer(table(code=CODE), targets={"species": None}, inputs={"code": "category"}).inputs


def test_the_answer_under_another_name_stays_when_nothing_else_is_left() -> None:
    schema = infer(Table.of({"species": SPECIES, "code": CODE}), targets={"species": None})
    assert list(schema.inputs) == ["code"]


def test_a_number_in_other_units_is_left_out() -> None:
    schema = infer(table(grams=[1000 * mass for mass in MASS]), targets={"mass": None})
    assert "as in other units" in schema.dropped["grams"]


def test_columns_of_the_split_are_no_inputs_unless_declared() -> None:
    there = table(day=np.arange(ROWS).tolist())
    schema = infer(there, targets={"species": None}, group="site", time="day")
    assert set(schema.dropped) == {"site", "day"}
    assert (schema.split.group, schema.split.time) == ("site", "day")
    assert "site" in infer(there, targets={"species": None}, group="site", inputs={"site": "category"}).inputs


def test_a_column_called_split_with_sides_in_it_is_the_split() -> None:
    sides = ["train", "val", "test"] * 20
    schema = infer(table(split=sides), targets={"species": None})
    assert schema.split.column == "split" and "split" not in schema.inputs
    assert infer(table(split=["left", "right", "test"] * 20), targets={"species": None}).split.column is None
    assert infer(table(split=sides), targets={"species": None}, group="site").split.column is None
    assert infer(table(split=sides), targets={"split": None}).split.column is None


def test_file_names_that_lead_nowhere_are_left_out_beside_ones_that_do(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).touch()
    there = {"photo": ["a.jpg", "b.jpg"] * 2, "original": ["x.jpg", "y.jpg"] * 2, "class": ["ant", "bee"] * 2}
    schema = infer(Table.of(there, folder=tmp_path), targets={"class": None})
    assert list(schema.inputs) == ["photo"]
    assert "none of 4 files looked for exists" in schema.dropped["original"]
    alone = infer(Table.of(there, folder=tmp_path), targets={"class": None}, drop=["photo"])
    assert alone.inputs["original"].kind == "image"


def test_a_table_without_a_target_is_drafted_too() -> None:
    assert set(infer(table(), targets={}).inputs) == set(PLAIN)


def test_all_columns_that_are_not_there_are_named_at_once() -> None:
    with pytest.raises(ColumnError, match=r"no column 'specis'. Did you mean 'species'") as caught:
        infer(table(), targets={"specis": None}, inputs={"masss": "number"}, drop=["a"], group="b", time="c", split_column="d")
    for name in ("masss", "'a'", "'b'", "'c'", "'d'"):
        assert name in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("keypoints", "Column 'species': keypoints are not the kind of one column. Use --keypoints: every pair"),
        ("landmarks", "Use --keypoints"),
        ("identity", "Did you mean 'individual'?"),
        ("clas", "'clas' is not a kind of target. Did you mean 'class'?"),
        ("regression", "Did you mean 'number'?"),
        ("image", "'image' is not a kind of target. Kinds: class, classes, number, individual."),
    ],
)
def test_wrong_kinds_of_targets(kind: str, message: str) -> None:
    with pytest.raises(SchemaError) as caught:
        infer(table(), targets={"species": kind})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("photo", "Did you mean 'image'?"),
        ("numbr", "Did you mean 'number'?"),
        ("keypoints", "Use --keypoints"),
        ("moth", "not a kind of input"),
    ],
)
def test_wrong_kinds_of_inputs(kind: str, message: str) -> None:
    with pytest.raises(SchemaError) as caught:
        infer(table(), targets={"species": None}, inputs={"mass": kind})
    assert message in str(caught.value)


def test_contradictions_are_named_together() -> None:
    with pytest.raises(SchemaError, match="2 problems") as caught:
        infer(table(), targets={"species": None}, inputs={"species": "category", "mass": "number"}, drop=["mass"])
    assert "to be a target and an input" in str(caught.value)


def test_a_target_that_cannot_be_one_is_left_for_the_check_to_name() -> None:
    schema = infer(table(note=[None] * ROWS), targets={"note": None})
    assert schema.targets["note"].reason == "every cell is empty"
    with pytest.raises(SchemaError, match="Target 'note' is empty in every row"):
        check(schema, table(note=[None] * ROWS)).raise_errors()
