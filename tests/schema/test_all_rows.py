"""Checking a table too long for memory: what one pass can count is counted over all rows; the rest is of a sample."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import injerto as library
from made_long import flights, small_pieces, write
from said import Call, caller

ROWS, SAMPLE = 3000, 500


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch, sample=SAMPLE)


def test_empty_cells_cells_of_another_type_and_classes_are_counted_in_all_rows(tmp_path: Path, injerto: Call) -> None:
    frame = flights(ROWS).select("airline", "wind", "late")
    drawn = set(library.LongTable.read(write(frame, tmp_path / "flights.csv")).sample.rows.tolist())
    others = [row for row in range(600, ROWS) if row not in drawn and len(str(frame["wind"][row])) == 6]
    airline, wind, late = ([*frame[name].cast(pl.String)] for name in frame.columns)
    for row in others[:4]:
        wind[row] = "gusty!"
    late[others[5]], late[others[6]], late[others[7]] = "lost", "lost", "sunk"
    late[100:130] = [None] * 30
    airline[200], wind[200] = None, None
    path = tmp_path / "flights.csv"
    pl.DataFrame({"airline": airline, "wind": wind, "late": late}).write_csv(path)
    said = injerto("check", path, "--target", "late", "--memory", "1kB", "--json")
    told = json.loads(said.out)
    words = [problem["message"] for problem in told["problems"]]
    assert said.code == 0 and told["rows"] == ROWS
    assert "Target 'late' is empty in 30 rows of 3,000: nothing is learned from them." in words
    assert "No input holds anything in 1 row of 3,000." in words
    assert "4 cell(s) of 'wind' are no number, such as 'gusty!'; they are taken for empty." in words
    assert (
        "Target 'late' has 2 classes that none of the drawn rows has, and that would not be learned (rows in brackets): "
        "'lost' (2), 'sunk' (1)." in words
    )
    assert any("all else is of 500 rows drawn at random" in one for one in words)
    missing = {column["name"]: column["missing_share"] for column in told["columns"]}
    assert missing["late"] == pytest.approx(30 / ROWS)
    assert missing["wind"] == pytest.approx(sum(cell in (None, "gusty!") for cell in wind) / ROWS)


def test_a_table_in_memory_is_checked_as_ever(tmp_path: Path, injerto: Call) -> None:
    path = write(flights(200), tmp_path / "flights.csv")
    words = [one["message"] for one in json.loads(injerto("check", path, "--target", "late", "--json").out)["problems"]]
    assert not any("drawn at random" in one or "No input holds" in one for one in words)
