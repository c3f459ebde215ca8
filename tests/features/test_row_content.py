"""What a row says: the same through every file and order, another for every other row."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from injerto.errors import ColumnError
from injerto.features.row_content import PIECE_BYTES, row_contents
from injerto.table.table import Table

FRAME = pl.DataFrame(
    {
        "mass": [3.0, 0.1, -0.0, None],
        "site": ["north", " north", "Zoë", ""],
        "ring": [7, 8, None, 9],
        "day": [datetime.date(2024, 1, day) for day in (1, 2, 3, 4)],
    }
)
SORTS = {"mass": "number", "site": "text", "ring": "text", "day": "text"}


def test_the_way_a_table_came_does_not_matter(tmp_path: Path) -> None:
    direct = row_contents(Table.of(FRAME), SORTS)
    FRAME.write_csv(tmp_path / "a.csv")
    FRAME.with_columns(pl.col("ring").cast(pl.Float64), pl.col("day").cast(pl.Datetime("ms"))).write_parquet(
        tmp_path / "a.parquet"
    )
    assert (row_contents(Table.read(tmp_path / "a.csv"), SORTS) == direct).all()
    assert (row_contents(Table.read(tmp_path / "a.parquet"), SORTS) == direct).all()
    order = np.array([2, 0, 3, 1])
    assert (row_contents(Table.of(FRAME).take(order), SORTS) == direct[order]).all()


def test_every_cell_counts_and_so_does_its_column() -> None:
    whole = row_contents(Table.of({"a": ["x", "x", "y", "xy", ""], "b": ["y", "z", "x", "", "xy"]}), {"a": "text", "b": "text"})
    assert len(set(whole.tolist())) == 5


def test_a_hundred_thousand_texts_and_numbers_do_not_meet() -> None:
    table = Table.of({"text": [f"row {row}" for row in range(100_000)], "number": np.arange(100_000) / 7})
    for name, sort in (("text", "text"), ("number", "number")):
        assert len(np.unique(row_contents(table, {name: sort}))) == 100_000


def test_files_count_by_their_bytes_not_their_names(tmp_path: Path) -> None:
    content = bytes(range(256)) * 200
    middle = bytearray(content)
    middle[len(middle) // 2 + PIECE_BYTES // 2] ^= 1
    for name, given in {"a.wav": content, "b.wav": content, "c.wav": content + b"1", "d.wav": bytes(middle)}.items():
        (tmp_path / name).write_bytes(given)
    cells = ["a.wav", "b.wav", "c.wav", "d.wav", "gone.wav", None]
    found = row_contents(Table.of({"clip": cells}, folder=tmp_path), {"clip": "file"})
    assert found[0] == found[1]
    assert len(set(found.tolist())) == 5
    inside = row_contents(Table.of({"clip": [content, content, b"x"]}), {"clip": "file"})
    assert inside[0] == inside[1] != inside[2]
    assert inside[0] == found[0]  # on disk or in the table, it is the same file


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(ColumnError, match=r"no column 'mas'.*Did you mean 'mass'"):
        row_contents(Table.of(FRAME), {"mas": "number"})
