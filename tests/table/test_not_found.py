"""A table that is not there, or is damaged: the message says what to do next."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from injerto.errors import TableError, TableNotFoundError
from injerto.table.long_table import LongTable
from injerto.table.opened import opened
from injerto.table.table import Table

READS = [Table.read, LongTable.read, opened]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    frame = pl.DataFrame({"species": ["ant", "bee"], "mass_mg": [3, 90]})
    frame.write_parquet(tmp_path / "insects.parquet")
    frame.write_csv(tmp_path / "moths.csv")
    (tmp_path / "season2024").mkdir()
    return tmp_path


@pytest.mark.parametrize("read", READS)
def test_the_nearest_name_is_told_else_what_is_there(folder: Path, read: type) -> None:
    with pytest.raises(TableNotFoundError, match=r"There is no table .*insect\.parquet\. Did you mean 'insects\.parquet'\?"):
        read(folder / "insect.parquet")
    with pytest.raises(
        TableNotFoundError, match=r"There is no table .*x\.csv\. In .* there are insects\.parquet, moths\.csv\."
    ):
        read(folder / "x.csv")
    with pytest.raises(TableNotFoundError, match=r"the folder .*season2042 does not exist\. Did you mean 'season2024'\?"):
        read(folder / "season2042" / "moths.csv")
    with pytest.raises(TableNotFoundError, match=rf"does not exist\. Look into {re.escape(str(folder))}\."):
        read(folder / "qqq" / "deeper" / "moths.csv")
    with pytest.raises(TableNotFoundError, match=r"has no table at all: check the path, or where you are\."):
        read(folder / "season2024" / "moths.csv")


def test_of_many_tables_the_first_are_named(folder: Path) -> None:
    for name in "abcdefg":
        (folder / f"{name}.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(TableNotFoundError, match=r"there are a\.csv, b\.csv, c\.csv, d\.csv, e\.csv and 4 more\."):
        Table.read(folder / "zzzzzzzz.csv")


@pytest.mark.parametrize("read", [Table.read, LongTable.read])
def test_a_damaged_columnar_file_says_what_to_do(folder: Path, read: type) -> None:
    path = folder / "insects.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(
        TableError, match=r"cannot be read.* It ends early, as a copy that was cut off does\. Copy or download it"
    ):
        read(path)
    path.write_bytes(whole[:30] + b"?" * (len(whole) - 60) + whole[-30:])
    with pytest.raises(TableError, match=r"cannot be read.* It is damaged\. Copy or download it again, or write it anew\."):
        read(path)
    path.write_bytes((folder / "moths.csv").read_bytes() * 10)
    with pytest.raises(TableError, match=r"It does not begin as \.parquet does: if it is another kind of table, let its name"):
        read(path)
