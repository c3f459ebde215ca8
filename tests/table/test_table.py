"""Tables from files and dataframes."""

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from injerto.errors import ColumnError, TableError, TableNotFoundError
from injerto.table.table import Table

FRAME = pl.DataFrame({"site": ["a", "b", None], "mass_g": [1.5, None, 3.0], "n": [1, 2, 3]})


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "birds.csv"
    path.write_text("site,mass_g,n\na,1.5,1\nb,,2\nNA,3,3\n")
    return path


def test_the_same_table_from_every_format(csv: Path, tmp_path: Path) -> None:
    FRAME.write_parquet(tmp_path / "birds.parquet")
    FRAME.write_ipc(tmp_path / "birds.arrow")
    FRAME.write_ipc_stream(tmp_path / "birds.feather")
    (tmp_path / "birds.csv.gz").write_bytes(gzip.compress(csv.read_bytes()))
    with zipfile.ZipFile(tmp_path / "birds.zip", "w") as archive:
        archive.write(csv, "inner/birds.csv")
    (tmp_path / "birds.tsv").write_text(csv.read_text().replace(",", "\t"))
    for name in ("birds.csv", "birds.parquet", "birds.arrow", "birds.feather", "birds.csv.gz", "birds.zip", "birds.tsv"):
        table = Table.read(tmp_path / name)
        assert table.frame.equals(FRAME), name
        assert (table.name, table.folder) == ("birds", tmp_path)
        assert table.digest() == Table.of(FRAME).digest()


@pytest.mark.parametrize(
    "data",
    [
        FRAME,
        FRAME.lazy(),
        FRAME.to_dict(as_series=False),
        pd.DataFrame(FRAME.to_dict(as_series=False)),
        pd.DataFrame({"site": pd.Categorical(["a", "b", None]), "mass_g": [1.5, np.nan, 3.0], "n": [1, 2, 3]}, index=[9, 4, 7]),
        pa.table(FRAME.to_dict(as_series=False)),
        FRAME.with_columns(pl.col("site").cast(pl.Categorical)),
    ],
    ids=["polars", "lazy", "dict", "pandas", "pandas categorical", "pyarrow", "categorical"],
)
def test_the_same_table_from_every_library(data: object) -> None:
    assert Table.of(data).frame.equals(FRAME)


def test_arrays_paths_and_tables(csv: Path) -> None:
    assert Table.of(np.array([[1.0, 2.0], [3.0, np.nan]])).frame.to_dict(as_series=False) == {
        "x0": [1.0, 3.0],
        "x1": [2.0, None],
    }
    table = Table.of(str(csv))
    assert Table.of(table) is table


def test_an_index_without_a_name_is_no_column(tmp_path: Path) -> None:
    kept = pd.DataFrame({"n": [1, 2]}, index=[7, 7])
    kept.to_parquet(tmp_path / "kept.parquet")
    assert Table.read(tmp_path / "kept.parquet").columns == Table.of(kept).columns == ["n"]


def test_types_become_few() -> None:
    frame = pl.DataFrame(
        {
            "zoned": pl.Series(["2024-06-01 12:00"]).str.to_datetime("%Y-%m-%d %H:%M").dt.replace_time_zone("America/Lima"),
            "long": pl.Series([1500], dtype=pl.Duration("ms")),
            "price": pl.Series(["1.25"]).cast(pl.Decimal(10, 2)),
            "empty": pl.Series([None]),
        }
    )
    found = Table.of(frame).frame
    assert found.dtypes == [pl.Datetime("us"), pl.Float64, pl.Float64, pl.String]
    assert (found["zoned"][0].hour, found["long"][0], found["price"][0]) == (12, 1.5, 1.25)


def test_take_keeps_the_rows_as_they_were_given() -> None:
    taken = Table.of(FRAME).take(np.array([2, 0])).take(np.array([0]))
    assert taken.rows.tolist() == [2]
    assert taken.column("n").cell(0) == 3
    assert taken.column("n").row(0) == 2


def test_the_digest_sees_values_names_types_and_missing_cells() -> None:
    table = Table.of(FRAME)
    others = [
        FRAME.with_columns(pl.col("n") + 1),
        FRAME.rename({"n": "m"}),
        FRAME.with_columns(pl.col("n").cast(pl.Float64)),
        FRAME.with_columns(pl.col("mass_g").fill_null(0)),
        FRAME[::-1],
        FRAME.with_columns(site=pl.Series(["ab", "", None])),
    ]
    digests = {table.digest(), *(Table.of(frame).digest() for frame in others)}
    assert len(digests) == 7
    assert Table.of(FRAME.clone().rechunk()).digest() == table.digest()
    assert Table.of(pl.concat([FRAME[:1], FRAME[1:]])).digest() == table.digest()


def test_the_digest_of_nested_cells() -> None:
    def digest(value: object) -> str:
        return Table.of(pl.DataFrame({"photo": [value]})).digest()

    assert digest({"bytes": b"a", "path": "x"}) != digest({"bytes": b"b", "path": "x"})
    assert digest([1, 2]) != digest([2, 1])
    assert digest([1, 2]) == digest([1, 2])


def test_a_missing_column_names_the_nearest() -> None:
    with pytest.raises(ColumnError, match=r"no column 'mas_g'\. Did you mean 'mass_g'\? Its columns: site, mass_g, n"):
        Table.of(FRAME).column("mas_g")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.numbers", b"x", "Save the sheet as .xlsx or CSV first"),
        ("a.cvs", b"x", r"Did you mean '\.csv'"),
        ("noend", b"x", "its name ends in ''"),
        ("a.csv", b"", "it has 0 bytes"),
        ("a.parquet", b"PAR1 broken", r"cannot be read as \.parquet"),
        ("a.arrow", b"ARROW1 broken", r"cannot be read as \.arrow"),
        ("a.csv.gz", b"\x1f\x8b broken", r"packed table .* is damaged"),
        ("a.csv.gz", gzip.compress(b"a,b\n1,2\n", mtime=0)[:-9], r"packed table .* is damaged"),
        ("a.zip", b"PK broken", "is damaged"),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError, match=message):
        Table.read(tmp_path / name)


def test_a_zip_of_two_tables(tmp_path: Path, csv: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(csv, "a.csv")
        archive.write(csv, "b.csv")
    with pytest.raises(TableError, match=r"exactly one table; it holds 2: a\.csv, b\.csv"):
        Table.read(tmp_path / "two.zip")


def test_a_table_that_is_not_there(csv: Path) -> None:
    with pytest.raises(TableNotFoundError, match=r"There is no table .*bird\.csv\. Did you mean 'birds\.csv'"):
        Table.read(csv.parent / "bird.csv")
    with pytest.raises(FileNotFoundError, match=r"the folder .*elsewhere does not exist"):
        Table.read(csv.parent / "elsewhere" / "birds.csv")


def test_a_table_without_rights(csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("injerto.places.opened.open_raw", refuse)
    with pytest.raises(TableError, match="cannot be read: Permission denied"):
        Table.read(csv)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"a": []}, "0 rows and 1 columns"),
        ({}, "0 rows and 0 columns"),
        ({"a": [1, 2], "b": [1]}, "cannot be taken as a table"),
        ({1: [1], "1": [2]}, r"same name: '1' \(2 times\)"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), r"same name: 'a' \(2 times\)"),
        (pd.DataFrame({"a": [1, "x", b"y"]}), "Column 'a' of the pandas table mixes kinds of cells"),
        (3, "A int is no table"),
        (np.zeros(3), "A ndarray is no table"),
    ],
)
def test_data_that_is_no_table(data: object, message: str) -> None:
    with pytest.raises(TableError, match=message):
        Table.of(data)
