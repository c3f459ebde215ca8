"""Each problem is found where it is, with what to do, and not on an innocent neighbour."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from PIL import Image

from injerto.errors import SchemaError
from injerto.progress import Silent, SilentStep
from injerto.schema.check import CheckReport, check
from injerto.schema.infer import infer
from injerto.schema.schema import Input, Schema, Split, Target
from injerto.table.table import Table

ROWS = 120
RANDOM = np.random.default_rng(0)
SPECIES = RANDOM.choice(["ant", "bee"], ROWS).tolist()
MASS = RANDOM.random(ROWS).tolist()


def report(
    columns: dict[str, Any],
    *,
    targets: dict[str, Any] | None = None,
    inputs: dict[str, Any] | None = None,
    folder: Path = Path("."),
    quick: bool = False,
    **split: Any,
) -> CheckReport:
    """A check of columns: targets and inputs as names with kinds; by default all but the column `y` are number inputs."""
    given = {"y": "class"} if targets is None else targets
    taken = {name: "number" for name in columns if name not in given} if inputs is None else inputs
    schema = Schema(
        targets={name: Target(kind=kind) for name, kind in given.items()},
        inputs={name: Input(kind=kind) for name, kind in taken.items()},
        split=Split(**split),
    )
    return check(schema, Table.of(columns, folder=folder), quick=quick)


def found(result: CheckReport) -> list[tuple[str, str]]:
    return [(problem.severity, problem.column) for problem in result.problems]


def message(result: CheckReport, column: str) -> str:
    return " ".join(problem.message for problem in result.problems if problem.column == column)


def test_a_good_table_has_no_problems() -> None:
    result = report({"y": SPECIES, "mass": MASS})
    assert result.problems == [] and len(result.ledger) == 0
    result.raise_errors()


TARGETS: list[tuple[str, list[Any], str, str, str]] = [
    ("empty", [None] * ROWS, "class", "error", "'y' is empty in every row"),
    ("one class", ["ant"] * ROWS, "class", "error", "one class only, 'ant'. Add rows of another class"),
    ("a class a row", [f"ant {n}" for n in range(ROWS)], "class", "error", "a different class in every row"),
    ("two rows", ["ant", "bee"] + [None] * (ROWS - 2), "class", "error", "known in 2 rows; at least 4"),
    (
        "rare class",
        ["ant"] * 58 + ["bee"] * 58 + ["fly"] * 4,
        "class",
        "warning",
        "1 of 3 classes has fewer than 5 rows: 'fly' (4)",
    ),
    ("uneven", ["ant"] * 112 + ["bee"] * 8, "class", "warning", "93.3% of the rows are 'ant'"),
    ("few rows", ["ant", "bee"] * 20 + [None] * 80, "class", "warning", "known in only 40 rows"),
    ("some missing", [*SPECIES[1:], None], "class", "note", "empty in 1 row of 120"),
    ("days", [date(2024, 1, 1) + timedelta(days=n) for n in range(ROWS)], "class", "error", "only classes and numbers"),
    ("infinite class", [math.inf, *([1.0, 2.0] * 60)[1:]], "class", "error", "infinite in 1 cell, the first in row 0"),
    ("infinite", [*MASS[1:], math.inf], "number", "error", "infinite in 1 cell, the first in row 119. Correct or empty"),
    ("NaN", [*MASS[1:], math.nan], "number", "note", "empty in 1 row of 120: nothing is learned from them"),
    ("too large", [1e300] * ROWS, "number", "error", "beyond 1e+100 in 120 rows, such as 1e+300 in row 0"),
    ("one too large", [*MASS[1:], -1e160], "number", "error", "in 1 row, such as -1e+160 in row 119"),
    ("too large as text", [*(str(mass) for mass in MASS[1:]), "1e160"], "number", "error", "in 1 row, such as 1e+160"),
    ("mark of missing", [*MASS[1:], -999.0], "number", "warning", "is -999 in 1 cell, the first in row 119"),
    ("spellings", ["Wren", "wren", "jay", "WREN."] * 30, "class", "warning", "punctuation: 'WREN.' and 'Wren' and 'wren'."),
    ("spellings of several", ["fox; owl", "Owl"] * 60, "classes", "warning", "punctuation: 'Owl' and 'owl'. Write them alike"),
    ("one number", [3.5] * ROWS, "number", "error", "is 3.5 in every row"),
    ("two numbers", [0, 1] * 60, "number", "note", "two different values only"),
    ("words as number", ["ant", "bee"] * 60, "number", "error", "120 cells cannot be read as one, such as 'ant' in row 0"),
    ("decimal commas", [f"{n},5" for n in range(ROWS)], "number", "error", "decimal commas such as 0,5"),
    ("no separator", ["fox", "owl"] * 60, "classes", "warning", "no cell holds ';' (one is 'fox')"),
    ("numbers as classes", [1, 2] * 60, "classes", "error", "holds Int64, not text"),
]


@pytest.mark.parametrize(
    ("cells", "kind", "severity", "words"), [case[1:] for case in TARGETS], ids=[case[0] for case in TARGETS]
)
def test_targets(cells: list[Any], kind: str, severity: str, words: str) -> None:
    result = report({"y": cells, "mass": MASS}, targets={"y": kind})
    assert (severity, "y") in found(result)
    assert words in message(result, "y")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["ant"] * 60 + ["bee"] * 55 + ["fly"] * 5, "class"),
        (["ant"] * 107 + ["bee"] * 13, "class"),
        (["1.5", "2.5", "3.5"] * 40, "number"),
        (["fox;owl", "owl"] * 60, "classes"),
        (["fox", "owl"] * 60, "class"),
        ([1e99, 1.0, 2.0] * 40, "number"),
        (["A+", "A-", "B+"] * 40, "class"),
    ],
)
def test_innocent_targets(cells: list[Any], kind: str) -> None:
    assert report({"y": cells, "mass": MASS}, targets={"y": kind}).problems == []


INPUTS: list[tuple[str, Any, str, str, str]] = [
    ("empty", [None] * ROWS, "number", "warning", "empty in every row"),
    ("half empty", [1.5, 2.5, None, None, None] * 24, "number", "warning", "empty in 60% of the rows"),
    ("constant", [7] * ROWS, "number", "warning", "is '7' in every row"),
    ("infinite", [*MASS[1:], math.inf], "number", "warning", "infinite in 1 cell, the first in row 119"),
    ("mark of missing", [*MASS[:-2], -9999, -9999], "number", "warning", "is -9999 in 2 cells, the first in row 118"),
    ("mark as text", [*(str(mass) for mass in MASS[1:]), "9999"], "number", "warning", "is 9999 in 1 cell"),
    ("row counter", list(range(ROWS)), "number", "warning", "counts or names the rows"),
    ("words as number", [*[str(n) for n in range(ROWS - 1)], "n.d."], "number", "error", "row 119 holds 'n.d.'"),
    ("names of rows", [f"animal {n}" for n in range(ROWS)], "category", "warning", "120 levels in 120 rows"),
    ("decimal commas", [f"{n},5" for n in range(40)] * 3, "category", "warning", "decimal commas such as 0,5"),
    (
        "numbers but one",
        [*[str(n) for n in range(100)], *(["3"] * 19), "n.d."],
        "category",
        "warning",
        "numbers but for 1 cell",
    ),
    ("odd years", [date(2024, 1, 1)] * 119 + [date(1024, 1, 1)], "date", "warning", "such as 1024-01-01 in row 119"),
    ("words as date", ["2024-01-01"] * 119 + ["May"], "date", "error", "row 119 holds 'May'"),
    ("number as date", list(range(ROWS)), "date", "error", "declared as date, but holds Int64"),
    ("number as photo", MASS, "image", "error", "declared as image, but holds Float64"),
    ("leak", [float(name == "ant") + n / 1000 for n, name in enumerate(SPECIES)], "number", "warning", "gives the answer away"),
    ("renamed", [name.upper() for name in SPECIES], "category", "warning", "is the same under other names ('y')"),
]


@pytest.mark.parametrize(
    ("cells", "kind", "severity", "words"), [case[1:] for case in INPUTS], ids=[case[0] for case in INPUTS]
)
def test_inputs(cells: list[Any], kind: str, severity: str, words: str) -> None:
    result = report({"y": SPECIES, "mass": MASS, "x": cells}, inputs={"mass": "number", "x": kind})
    assert (severity, "x") in found(result)
    assert words in message(result, "x")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1.5, None] * 60, "number"),
        (["7", None] * 60, "category"),
        ([str(n) for n in range(ROWS)], "number"),
        (["0", "0", "0", "a"] * 30, "category"),
        (["2024-01-01T12:00", "2024-01-02"] * 60, "date"),
        ([date(1901, 1, 1), date(2099, 1, 1)] * 60, "date"),
    ],
)
def test_innocent_inputs(cells: list[Any], kind: str) -> None:
    result = report({"y": SPECIES, "mass": MASS, "x": cells}, inputs={"mass": "number", "x": kind})
    assert result.problems == []


def test_copies_among_inputs() -> None:
    result = report({"y": SPECIES, "a": MASS, "b": MASS})
    assert found(result) == [("warning", "b")]
    assert "the same cells as 'a'" in message(result, "b")


def test_an_input_that_is_a_target() -> None:
    assert found(report({"y": SPECIES, "mass": MASS}, inputs={"y": "category", "mass": "number"})) == [("error", "y")]


def test_columns_that_are_not_in_the_table() -> None:
    result = report({"y": SPECIES, "mass": MASS}, targets={"Y": "class"}, inputs={"mas": "number"}, group="sites")
    assert {problem.column for problem in result.errors} == {"Y", "mas", "sites"}
    assert "Input 'mas' is not in the table table. Did you mean 'mass'?" in message(result, "mas")


def test_no_inputs() -> None:
    schema = Schema(targets={"y": Target(kind="class")}, inputs={}, dropped={"mass": "constant"})
    assert "Left out were 'mass': constant." in check(schema, Table.of({"y": SPECIES, "mass": MASS})).errors[0].message


def test_columns_left_out_are_noted_but_not_those_that_were_asked_for() -> None:
    columns = {
        "y": SPECIES,
        "mass": MASS,
        "twin": MASS,
        "same": ["x"] * ROWS,
        "none": [None] * ROWS,
        "name": [f"animal {n}" for n in range(ROWS)],
        "code": [name.upper() for name in SPECIES],
        "mine": MASS[::-1],
        "day": list(range(ROWS)),
    }
    table = Table.of(columns)
    result = check(infer(table, targets={"y": None}, drop=["mine"], time="day"), table)
    assert result.warnings == result.errors == []
    notes = {problem.column: problem.message for problem in result.problems}
    assert notes == {
        "twin": "Column 'twin' is left out: the same cells as column 'mass'.",
        "same": "Column 'same' is left out: constant: 'x' in every row.",
        "none": "Column 'none' is left out: every cell is empty.",
        "name": "Column 'name' is left out: 120 different texts in 120 rows: names of single rows, "
        "from which nothing can be learned.",
        "code": "Column 'code' is left out: tells the answer: it is the same under other names ('y'); "
        "declare it as an input if it is known before the answer is.",
    }


def test_no_target_is_a_note_until_training() -> None:
    result = report({"mass": MASS}, targets={})
    assert found(result) == [("note", "")]
    with pytest.raises(SchemaError, match="No target: say which column is to be predicted"):
        result.raise_errors()


def test_all_errors_are_raised_at_once_and_stand_first() -> None:
    columns = {"mass": [7] * ROWS, "y": ["ant"] * ROWS, "z": [None] * ROWS}
    result = report(columns, targets={"y": "class", "z": "number"}, inputs={"mass": "number", "gone": "number"})
    severities = [problem.severity for problem in result.problems]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    with pytest.raises(SchemaError, match="3 problems") as caught:
        result.raise_errors()
    assert len(caught.value.problems) == len(result.errors) == 3


def test_rows_of_one_source_with_one_answer() -> None:
    source = np.repeat(np.arange(40), 3)
    sound = np.random.default_rng(0).choice(["dog", "rain"], 40)[source]
    columns = {"y": sound.tolist(), "mass": MASS, "source": [f"recording {n}" for n in source]}
    inputs = {"mass": "number", "source": "category"}
    assert "give 'source' as the group of the split" in message(report(columns, inputs=inputs), "source")
    assert message(report(columns, inputs={"mass": "number"}, group="source"), "source") == ""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        Image.new("RGB", (8, 8), "green").save(tmp_path / name)
    (tmp_path / "text.jpg").write_text("this is no photo")
    (tmp_path / "empty.jpg").touch()
    return tmp_path


def test_every_file_is_opened_and_bad_ones_go_into_the_ledger(photos: Path) -> None:
    names = ["a.jpg", "text.jpg", "b.jpg", "empty.jpg", "gone.jpg", None, "c.jpg", "a.jpg"]
    columns = {"y": ["ant", "bee"] * 4, "photo": names}
    result = report(columns, inputs={"photo": "image"}, folder=photos)
    assert [(entry.row, entry.file) for entry in result.ledger] == [(1, "text.jpg"), (3, "empty.jpg"), (4, "gone.jpg")]
    assert "3 of 7 files cannot be read" in message(result, "photo")
    assert "zero bytes (1)" in message(result, "photo")
    assert (
        "warning" in dict((column, severity) for severity, column in found(result) if column == "photo").values()
        or result.problems
    )
    quick = report(columns, inputs={"photo": "image"}, folder=photos, quick=True)
    assert len(quick.ledger) == 0


def test_rows_in_the_ledger_count_in_the_table_as_given(photos: Path) -> None:
    schema = Schema(targets={"y": Target(kind="class")}, inputs={"photo": Input(kind="image")})
    table = Table.of({"y": ["ant", "bee"] * 3, "photo": ["a.jpg"] * 5 + ["gone.jpg"]}, folder=photos).take(np.array([5, 0, 1]))
    assert check(schema, table).ledger.rows == {5}


def test_no_file_that_can_be_read_is_an_error(photos: Path) -> None:
    result = report({"y": ["ant", "bee"] * 4, "photo": ["text.jpg"] * 8}, inputs={"photo": "image"}, folder=photos)
    assert "all 8 files cannot be read" in message(result, "photo")
    assert ("error", "photo") in found(result)


def test_no_file_that_exists_is_an_error_even_when_quick(photos: Path) -> None:
    columns = {"y": ["ant", "bee"] * 4, "photo": [f"gone {n}.jpg" for n in range(8)]}
    result = report(columns, inputs={"photo": "image"}, folder=photos, quick=True)
    assert f"none of 8 files looked for exists, such as 'gone 0.jpg'. Paths start from {photos}" in message(result, "photo")
    assert len(report(columns, inputs={"photo": "image"}, folder=photos).errors) == 1


def test_a_file_with_two_answers(photos: Path) -> None:
    names = ["a.jpg", "b.jpg", "a.jpg", "b.jpg"]
    result = report({"y": ["ant", "bee", "fly", "bee"], "photo": names}, inputs={"photo": "image"}, folder=photos, quick=True)
    assert "different answers in 'y' in 1 case, such as" in message(result, "photo")
    assert "'a.jpg': 'ant' and 'fly' (rows 0 and 2)" in message(result, "photo")
    once = report({"y": ["ant", "bee", "ant", "bee"], "photo": names}, inputs={"photo": "image"}, folder=photos, quick=True)
    assert "Correct the labels" not in message(once, "photo")
    assert "names 2 files in more than one row" in message(once, "photo")


def test_work_on_files_is_shown() -> None:
    steps: list[tuple[str, int | None]] = []

    class Watcher(Silent):
        def step(self, name: str, total: int | None) -> Any:
            steps.append((name, total))
            return super().step(name, total)

    schema = Schema(targets={"y": Target(kind="class")}, inputs={"photo": Input(kind="image")})
    check(schema, Table.of({"y": ["a", "b", "a"], "photo": ["x.jpg", None, "z.jpg"]}), progress=Watcher())
    assert steps == [("opening the files of 'photo'", 2), ("looking for near-duplicate photos", 3)]
    assert SilentStep().advance() is None


def test_a_line_for_every_column() -> None:
    schema = Schema(
        targets={"y": Target(kind="class", reason="words")},
        inputs={"mass": Input(kind="number")},
        dropped={"note": "free text"},
    )
    result = check(schema, Table.of({"y": SPECIES, "mass": [None, *MASS[1:]], "note": ["x"] * ROWS, "new": [1] * ROWS}))
    lines = {line.name: line for line in result.columns}
    assert (lines["y"].role, lines["y"].kind, lines["y"].reason, lines["y"].distinct) == ("target", "class", "words", 2)
    assert lines["mass"].missing_share == pytest.approx(1 / ROWS)
    assert (lines["note"].role, lines["note"].kind, lines["note"].reason) == ("dropped", "", "free text")
    assert lines["new"].reason == "not in the schema"


def test_json_holds_all_of_it(photos: Path) -> None:
    result = report({"y": ["ant", "bee"] * 4, "photo": ["text.jpg"] * 7 + ["a.jpg"]}, inputs={"photo": "image"}, folder=photos)
    data = json.loads(json.dumps(result.to_json()))
    assert data["rows"] == 8 and data["ready"] is True
    assert [column["name"] for column in data["columns"]] == ["y", "photo"]
    assert len(data["unreadable"]) == 7 and data["unreadable"][0]["file"] == "text.jpg"
    assert {problem["severity"] for problem in data["problems"]} <= {"error", "warning", "note"}
    assert report({"y": ["ant"] * ROWS, "mass": MASS}).to_json()["ready"] is False


def test_notes_of_the_reading_are_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("y;mass\n" + "".join(f"{name};{n},5\n" for n, name in enumerate(SPECIES)))
    schema = Schema(targets={"y": Target(kind="class")}, inputs={"mass": Input(kind="number")})
    assert any("decimal commas" in problem.message for problem in check(schema, Table.read(path)).problems)


def test_cells_of_any_type_are_survived() -> None:
    frame = pl.DataFrame({"y": [[1]] * 20, "x": [{"a": 1}] * 20, "z": [b"x"] * 20})
    schema = Schema(targets={"y": Target(kind="class")}, inputs={"x": Input(kind="number"), "z": Input(kind="category")})
    assert len(check(schema, Table.of(frame)).errors) == 3


def test_photos_that_are_nearly_black_are_warned_of(tmp_path: Path) -> None:
    for name, top in (("dark.png", 4095), ("light.png", 65535)):
        Image.fromarray(np.linspace(0, top, 64).astype(np.uint16).reshape(8, 8)).save(tmp_path / name)
    result = report({"photo": ["dark.png", "light.png"] * 20, "y": ["a", "b"] * 20}, inputs={"photo": "image"}, folder=tmp_path)
    (problem,) = [one for one in result.problems if "nearly black" in one.message]
    assert problem.severity == "warning"
    assert "20 of 40 files are nearly black: no level above 16 of 255, such as 'dark.png' in row 0" in problem.message
    assert "10 or 12 bits in a file of 16" in problem.message
