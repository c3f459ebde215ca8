"""`injerto correct`: corrected labels come back as a table, and a list of another table is refused."""

from pathlib import Path

import polars as pl
import pytest

from said import Call, caller


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch, "correct")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    pl.DataFrame({"file": ["a.jpg", "b.jpg", "c.jpg"], "kind": ["ant", "bee", "ant"], "legs": [6, 6, 8]}).write_csv(
        tmp_path / "t.csv"
    )
    return tmp_path / "t.csv"


def suspects(folder: Path, rows: list[int], labels: list[str], corrected: list[str | None], target: str = "kind") -> Path:
    columns = {"row": rows, "file": ["x"] * len(rows), "target": [target] * len(rows), "label": labels}
    pl.DataFrame(columns | {"corrected": corrected}).write_csv(folder / "suspects.csv")
    return folder / "suspects.csv"


def test_filled_cells_become_labels_and_empty_ones_stay(injerto: Call, table: Path, tmp_path: Path) -> None:
    given = suspects(tmp_path, [2, 0, 1], ["ant", "ant", "bee"], ["bee", None, "wasp"])
    said = injerto(table, given, "--out", tmp_path / "new.csv")
    assert said.code == 0 and "2 label(s) corrected" in said.out
    fresh = pl.read_csv(tmp_path / "new.csv")
    assert fresh["kind"].to_list() == ["ant", "wasp", "bee"]
    assert fresh["legs"].to_list() == [6, 6, 8]
    assert pl.read_csv(table)["kind"].to_list() == ["ant", "bee", "ant"]


def test_numbers_stay_numbers(injerto: Call, table: Path, tmp_path: Path) -> None:
    given = suspects(tmp_path, [2], ["8"], ["6"], target="legs")
    assert injerto(table, given, "--out", tmp_path / "new.parquet", "--json").code == 0
    assert pl.read_parquet(tmp_path / "new.parquet")["legs"].to_list() == [6, 6, 6]


@pytest.mark.parametrize(
    ("rows", "labels", "corrected", "target", "message"),
    [
        (
            [0],
            ["bee"],
            ["ant"],
            "kind",
            "1 of 1 rows have another 'kind' than the list says, such as row 0: 'ant' in the table",
        ),
        ([7], ["ant"], ["bee"], "kind", "rows that the table t does not have: '7'. It has rows 0 to 2"),
        ([0, 0], ["ant", "ant"], ["bee", "bee"], "kind", "corrects rows more than once: '0'"),
        ([0], ["ant"], ["bee"], "knd", "which the table t does not have. Did you mean 'kind'"),
        ([0], ["6"], ["six"], "legs", "holds Int64, and the list corrects it to 'six'"),
    ],
)
def test_bad_lists_change_nothing(
    injerto: Call,
    table: Path,
    tmp_path: Path,
    rows: list[int],
    labels: list[str],
    corrected: list[str],
    target: str,
    message: str,
) -> None:
    said = injerto(table, suspects(tmp_path, rows, labels, corrected, target), "--out", tmp_path / "new.csv")
    assert said.code == 1 and message in said.err
    assert not (tmp_path / "new.csv").exists()


def test_another_file_is_no_list(injerto: Call, table: Path, tmp_path: Path) -> None:
    said = injerto(table, table, "--out", tmp_path / "new.csv")
    assert said.code == 1 and "lacks the column 'row', 'target', 'label', 'corrected' of a list of suspects" in said.err


def test_numbers_that_are_read_otherwise_in_the_list_are_the_same(injerto: Call, tmp_path: Path) -> None:
    """A list on its own may hold 7 where the table, for the sake of another row, holds 7.0."""
    pl.DataFrame({"mass": [7.0, 12.25, 9.5]}).write_csv(tmp_path / "t.csv")
    given = suspects(tmp_path, [0], ["7"], ["70"], target="mass")
    said = injerto(tmp_path / "t.csv", given, "--out", tmp_path / "new.csv")
    assert said.code == 0 and "1 label(s) corrected" in said.out
    assert pl.read_csv(tmp_path / "new.csv")["mass"].to_list() == [70.0, 12.25, 9.5]
    unchanged = suspects(tmp_path, [0], ["7"], ["7.0"], target="mass")
    assert "0 label(s) corrected" in injerto(tmp_path / "t.csv", unchanged, "--out", tmp_path / "same.csv").out


@pytest.mark.parametrize(
    ("cells", "label", "answer", "advice"),
    [
        ([7.5, 2.5], "7.5", "eight", "Write numbers, with a point before the decimals"),
        ([7, 2], "7", "8.5", "Write whole numbers, or make the column one of decimals or text"),
        ([True, False], "true", "maybe", "Write true or false"),
    ],
)
def test_what_is_no_such_value_says_how_to_write_it(
    injerto: Call, tmp_path: Path, cells: list[object], label: str, answer: str, advice: str
) -> None:
    pl.DataFrame({"it": cells}).write_csv(tmp_path / "t.csv")
    said = injerto(tmp_path / "t.csv", suspects(tmp_path, [0], [label], [answer], "it"), "--out", tmp_path / "new.csv")
    assert said.code == 1 and f"corrects it to '{answer}'. {advice}" in said.err


def test_several_labels_are_one_cell(injerto: Call, tmp_path: Path) -> None:
    pl.DataFrame({"heard": ["frog;rain", "rain", "rain"]}).write_csv(tmp_path / "t.csv")
    given = suspects(tmp_path, [1, 2], ["rain", "rain"], ["frog;rain", ";"], target="heard")
    assert injerto(tmp_path / "t.csv", given, "--out", tmp_path / "new.csv").code == 0
    assert pl.read_csv(tmp_path / "new.csv")["heard"].to_list() == ["frog;rain", "frog;rain", ";"]
