"""Files and times beside each other become cells that are clips."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from injerto.errors import ColumnError, TableError
from injerto.table.clips import clip_column, seconds_of
from injerto.table.table import Table


def cells(columns: dict[str, Any], start: str | None = "start_s", end: str | None = "end_s") -> list[Any]:
    return clip_column(Table.of(columns), "file", start=start, end=end).values.to_list()


def test_times_stand_beside_the_file() -> None:
    found = cells({"file": ["a.wav", None, "b.wav"], "start_s": [1, 2, None], "end_s": [2.5, 3.0, None]})
    assert found == [
        {"path": "a.wav", "start_s": 1.0, "end_s": 2.5},
        None,
        {"path": "b.wav", "start_s": None, "end_s": None},
    ]
    assert cells({"file": ["a.wav"], "from": [2]}, start="from", end=None) == [{"path": "a.wav", "start_s": 2.0}]


def test_without_times_the_column_is_as_it_was() -> None:
    table = Table.of({"file": ["a.wav"], "start_s": [1]})
    assert clip_column(table, "file", start=None, end=None).values.to_list() == ["a.wav"]


def test_bytes_and_structs() -> None:
    assert cells({"file": [b"RIFF"], "start_s": [1]}, end=None) == [{"bytes": b"RIFF", "start_s": 1.0}]
    inner = {"bytes": b"RIFF", "path": "a.wav", "rate": 8000}
    assert cells({"file": [inner], "start_s": [1]}, end=None) == [{"bytes": b"RIFF", "path": "a.wav", "start_s": 1.0}]


def test_null_cells_count_as_empty_and_rows_are_kept() -> None:
    table = Table.of({"file": ["a.wav", None, "b.wav"], "start_s": [1, 2, 3]}).take(pl.Series([2, 1]).to_numpy())
    column = clip_column(table, "file", start="start_s", end=None)
    assert column.values.is_null().to_list() == [False, True]
    assert column.row(0) == 2
    assert column.cell(1) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (["1,5", "2", "", None], [1.5, 2.0, None, None]),
        (["1.5", "2e1", " 3 "], [1.5, 20.0, 3.0]),
        (["1,5", "soon", "2"], [1.5, math.nan, 2.0]),
        (["1.5", "soon", ""], [1.5, math.nan, None]),
    ],
)
def test_times_as_text(text: list[str | None], seconds: list[float | None]) -> None:
    found = seconds_of(Table.of({"start_s": text}).column("start_s")).to_list()
    assert str(found) == str(seconds)


def test_decimal_commas_of_a_file_are_read_as_everywhere(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("file;start_s;end_s\na.wav;0,5;1,25\na.wav;2;\n", encoding="utf-8")
    found = clip_column(Table.read(tmp_path / "a.csv"), "file", start="start_s", end="end_s").values.to_list()
    assert [(cell["start_s"], cell["end_s"]) for cell in found] == [(0.5, 1.25), (2.0, None)]


def test_columns_that_are_not_there_or_are_no_times() -> None:
    with pytest.raises(ColumnError, match=r"no column 'start_s'. Did you mean 'start'\?"):
        cells({"file": ["a.wav"], "start": [1]})
    with pytest.raises(TableError, match=r"'start_s' holds the times of clips, but its cells are Date. Give seconds"):
        cells({"file": ["a.wav"], "start_s": [date(2024, 1, 1)]}, end=None)
