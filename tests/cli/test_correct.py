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
