"""Which rows of a long table teach: none that shares a group with, or comes after, what judges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import injerto
from injerto.learning.division import Division, divide
from injerto.learning.teaching import Teaching
from injerto.progress import Silent
from injerto.table.long_table import LongTable
from made_long import flights, small_pieces, write


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LongTable:
    small_pieces(monkeypatch)
    side = np.where(np.arange(4000) % 10 == 0, "test", np.where(np.arange(4000) % 10 == 1, "tune", "train"))
    frame = flights(4000).with_columns(side=side)
    return LongTable.read(write(frame, tmp_path / "flights.parquet"), sample_rows=600)


def taught(long: LongTable, split: injerto.Split) -> tuple[np.ndarray, Division]:
    schema = injerto.Schema(
        inputs={"plane": injerto.Input(kind="category")}, targets={"late": injerto.Target(kind="class")}, split=split
    )
    division = divide(long.sample, schema, Silent())
    teaching = Teaching(schema, long.sample, division)
    return np.concatenate([piece.rows[teaching.of(piece)] for piece in long.pieces()]), division


def judging(long: LongTable, division: Division) -> np.ndarray:
    return long.sample.rows[np.concatenate([division.rows.tune, division.rows.test])]


def test_at_random_all_rows_teach_but_those_that_judge(long: LongTable) -> None:
    rows, division = taught(long, injerto.Split())
    assert sorted(rows) == sorted(set(range(4000)) - set(judging(long, division).tolist()))


def test_no_group_teaches_that_judges(long: LongTable) -> None:
    rows, division = taught(long, injerto.Split(group="pilot"))
    pilots = np.concatenate([piece.frame["pilot"].to_numpy() for piece in long.pieces()])
    met = set(pilots[judging(long, division)])
    assert met and not met & set(pilots[rows])
    assert set(range(4000)) - set(rows.tolist()) == set(np.flatnonzero(np.isin(pilots, list(met))).tolist())


def test_in_time_nothing_teaches_that_is_later_than_what_judges(long: LongTable) -> None:
    rows, division = taught(long, injerto.Split(time="start"))
    first = judging(long, division).min()  # the rows are in the order of their times
    assert sorted(rows) == list(range(first))


def test_the_users_column_says_who_teaches(long: LongTable) -> None:
    rows, _ = taught(long, injerto.Split(column="side"))
    assert sorted(rows) == [row for row in range(4000) if row % 10 > 1]
