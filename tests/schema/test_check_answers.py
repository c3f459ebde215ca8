"""Two targets never write one column of the predictions."""

from __future__ import annotations

from typing import Any

import pytest

from injerto.errors import SchemaError
from injerto.schema.check import CheckReport, check
from injerto.schema.schema import Input, Schema, Target
from injerto.table.table import Table

ROWS = 60
CLASS = ["ant", "bee", "bee"] * 20
SEVERAL = ["fox; owl", "owl", "fox"] * 20
NUMBER = [(row * 37 % 59) / 7 for row in range(ROWS)]
CELLS: dict[str, list[Any]] = {"class": CLASS, "classes": SEVERAL, "number": NUMBER}


def report(targets: dict[str, str], **columns: list[Any]) -> CheckReport:
    """A check of targets, name -> kind, beside one input."""
    cells = {name: CELLS[kind] for name, kind in targets.items()} | columns
    declared = {name: Target.model_validate({"kind": kind}) for name, kind in targets.items()}
    schema = Schema(targets=declared, inputs={"mass": Input(kind="number")})
    return check(schema, Table.of(cells | {"mass": NUMBER[::-1]}))


@pytest.mark.parametrize(("name", "held"), [("row", "the number of each row"), ("problem", "why a row has no answer")])
@pytest.mark.parametrize("kind", ["class", "classes", "number"])
def test_columns_of_all_predictions_are_taken(name: str, held: str, kind: str) -> None:
    with pytest.raises(SchemaError, match=rf"Target '{name}': .* for {held}, .* Rename the column in the table"):
        report({name: kind}).raise_errors()


@pytest.mark.parametrize(
    ("targets", "shared"),
    [
        ({"y": "class", "y_probability": "number"}, "y_probability"),
        ({"y": "class", "y_probability_bee": "class"}, "y_probability_bee"),
        ({"y": "number", "y_low": "class"}, "y_low"),
        ({"y_high": "number", "y": "number"}, "y_high"),
        ({"y": "classes", "y_probability_owl": "class"}, "y_probability_owl"),
    ],
)
def test_answers_that_would_be_written_over(targets: dict[str, str], shared: str) -> None:
    one, other = targets
    words = f"Targets '{one}' and '{other}' would both write the column '{shared}' of the predictions. Rename one"
    with pytest.raises(SchemaError, match=words):
        report(targets).raise_errors()


@pytest.mark.parametrize(
    ("levels", "column"),
    [([1, 2, 3] * 20, "1"), ([1.0, 2.0, 3.0] * 20, "1"), ([True, False, True] * 20, "True"), ([1.5, 2.5, 1.5] * 20, "1.5")],
)
def test_labels_that_are_no_words(levels: list[Any], column: str) -> None:
    with pytest.raises(SchemaError, match=f"would both write the column 'y_probability_{column}'"):
        report({"y": "class", f"y_probability_{column}": "class"}, y=levels).raise_errors()


@pytest.mark.parametrize(
    "targets",
    [
        {"y": "number", "y_probability": "class"},
        {"y": "class", "y_low": "number"},
        {"y": "class", "y_probability_fly": "class"},
        {"y": "classes", "y_probability": "number"},
    ],
)
def test_innocent_neighbours(targets: dict[str, str]) -> None:
    assert report(targets).errors == []
