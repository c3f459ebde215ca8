"""What is wrong with the way the rows are to be divided."""

from __future__ import annotations

from typing import Any

import pytest

from injerto.errors import SchemaError
from injerto.schema.check import CheckReport, check
from injerto.schema.schema import Input, Schema, Split, Target
from injerto.table.table import Table

ROWS = 120
SPECIES = ["ant", "bee", "bee"] * 40
MASS = [(row * 37 % 101) / 7 for row in range(ROWS)]


def report(columns: dict[str, Any], *, kind: str = "class", **split: Any) -> CheckReport:
    """A check of the target `y` and the input `mass`."""
    inputs = {"mass": Input(kind="number")}
    schema = Schema(targets={"y": Target.model_validate({"kind": kind})}, inputs=inputs, split=Split(**split))
    return check(schema, Table.of(columns))


def message(result: CheckReport, column: str) -> str:
    return " ".join(problem.message for problem in result.problems if problem.column == column)


def test_the_split_is_tried() -> None:
    columns = {"y": SPECIES, "mass": MASS, "site": ["north", "south"] * 60, "side": ["train", "other"] * 60}
    assert "2 groups" in message(report(columns, group="site"), "site")
    assert "'other'" in message(report(columns, column="side"), "side")
    assert "which has no order in time" in message(report(columns, time="site"), "site")


def test_few_groups_and_empty_cells_of_the_split() -> None:
    columns = {"y": SPECIES, "mass": MASS, "site": [*[f"site {n % 6}" for n in range(ROWS - 1)], None]}
    words = message(report(columns, group="site"), "site")
    assert "has only 6 groups" in words and "empty in 1 row" in words
    columns["site"] = [f"site {n % 20}" for n in range(ROWS)]
    assert report(columns, group="site").problems == []


def test_fewer_rows_than_train_tune_and_test_need() -> None:
    columns = {"y": [1.5, 2.5, 7.5], "mass": MASS[:3]}
    with pytest.raises(SchemaError, match="'y' is known in 3 rows; at least 4 are needed"):
        report(columns, kind="number").raise_errors()
    report(columns, kind="number", test_share=0).raise_errors()
    report({"y": [1.5, 2.5, 7.5, 3.5], "mass": MASS[:4]}, kind="number").raise_errors()


def test_no_answers_among_the_rows_that_train() -> None:
    sides = ["train"] * 60 + ["tune"] * 30 + ["test"] * 30
    columns = {"y": ["ant", *[None] * 59, *SPECIES[60:]], "mass": MASS, "side": sides, "day": list(range(ROWS))}
    with pytest.raises(SchemaError, match=r"'y' is known in 1 row of those to train with \('side' divides them\): at least 2"):
        report(columns, column="side").raise_errors()
    columns["y"] = [None] * 90 + SPECIES[90:]
    with pytest.raises(SchemaError, match=r"'y' is known in 0 rows of those to train with \('day' divides them\)"):
        report(columns, time="day").raise_errors()
    report(columns | {"y": SPECIES}, column="side").raise_errors()
