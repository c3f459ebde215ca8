"""Long tables: every row once and in order, whatever the file; a sample drawn from all of them; types that do not change."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from injerto.errors import TableError
from injerto.table import long_files, room
from injerto.table.long_files import end_of_record
from injerto.table.long_table import LongTable
from injerto.table.opened import opened
from injerto.table.room import bytes_of, free_bytes, is_long
from injerto.table.table import Table
from made_long import flights, small_pieces, write


@pytest.fixture(autouse=True)
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch)


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".csv", ".tsv"])
def test_the_pieces_are_the_table(tmp_path: Path, suffix: str) -> None:
    path = write(flights(5300), tmp_path / f"flights{suffix}")
    long, whole = LongTable.read(path, sample_rows=500), Table.read(path)
    pieces = list(long.pieces())
    assert len(long) == len(whole) and long.piece_count == len(pieces) > 4
    assert pl.concat([piece.frame for piece in pieces]).equals(whole.frame)
    assert np.concatenate([piece.rows for piece in pieces]).tolist() == list(range(5300))
    assert long.columns == whole.columns and long.name == "flights" and long.folder == tmp_path
    later = list(long.pieces(start=3))
    assert [piece.rows[0] for piece in later] == [piece.rows[0] for piece in pieces[3:]]
    assert later[0].frame.equals(pieces[3].frame)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_the_sample_holds_rows_of_the_table_each_as_likely_as_any_other(tmp_path: Path, suffix: str) -> None:
    path = write(flights(5300), tmp_path / f"flights{suffix}")
    whole, long = Table.read(path), LongTable.read(path, sample_rows=800, seed=3)
    sample = long.sample
    assert len(sample) == 800 and len(set(sample.rows.tolist())) == 800
    assert sample.frame.equals(whole.take(sample.rows).frame)
    assert (np.diff(sample.rows) > 0).all()
    halves = (sample.rows < 2650).mean()
    assert abs(halves - 0.5) < 4 * 0.5 / np.sqrt(800)  # four standard deviations
    assert LongTable.read(path, sample_rows=800, seed=3).sample.rows.tolist() == sample.rows.tolist()
    assert LongTable.read(path, sample_rows=800, seed=4).sample.rows.tolist() != sample.rows.tolist()
    assert len(LongTable.read(path, sample_rows=9999).sample) == 5300  # all there are


def test_text_packed_by_gzip_and_cells_that_hold_lines(tmp_path: Path) -> None:
    frame = flights(3000).with_columns(note=pl.Series(['said "no",\nthen left' if row % 7 else "" for row in range(3000)]))
    path = tmp_path / "flights.csv.gz"
    path.write_bytes(gzip.compress(frame.write_csv().encode()))
    long = LongTable.read(path, sample_rows=100)
    assert long.name == "flights" and len(long) == 3000 and long.piece_count > 2
    assert pl.concat([piece.frame for piece in long.pieces()])["note"].equals(Table.read(path).column("note").values)


def test_a_record_ends_where_no_quote_is_open() -> None:
    assert end_of_record(b'a,b\n1,"x\ny"\n2,') == len(b'a,b\n1,"x\ny"\n')
    assert end_of_record(b'1,"x\ny') == 0
    assert end_of_record(b'"a\nb",c\n1,2\n', first=True) == len(b'"a\nb",c\n')


def test_types_are_those_of_the_sample_and_cells_that_do_not_fit_are_told(tmp_path: Path) -> None:
    frame = flights(4000).with_columns(pl.col("wind").cast(pl.String), code=pl.Series([f"{row:03}" for row in range(4000)]))
    seats = [str(row) if row != 3992 else "007" for row in range(4000)]
    wind = frame["wind"].to_list()
    wind[3990], wind[3991] = "calm", "strong"
    path = write(frame.with_columns(wind=pl.Series(wind), seat=pl.Series(seats)), tmp_path / "flights.csv")
    long = LongTable.read(path, sample_rows=300, seed=1)
    assert not {3990, 3991, 3992} & set(long.sample.rows.tolist())
    types = dict(long.sample.frame.schema)
    assert types["wind"] == pl.Float64 and types["code"] == pl.String and types["seat"] == pl.Int64
    pieces = [piece.frame for piece in long.pieces()]
    assert all(dict(piece.schema) == types for piece in pieces[:-1])
    whole = pl.concat(pieces, how="vertical_relaxed")
    assert whole["wind"].to_list()[3990:3992] == [None, None] and whole["code"].to_list()[7] == "007"
    assert whole["seat"].to_list()[3992:3994] == [None, 3993]
    assert long.strange_words() == [
        "2 cell(s) of 'wind' are no number, such as 'calm'; they are taken for empty.",
        "1 cell(s) of 'seat' are no number, such as '007'; they are taken for empty.",
    ]


def test_files_that_are_no_long_table_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"cannot be read piece by piece. Save it as one of: .parquet"):
        LongTable.read(tmp_path / "flights.xlsx")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(TableError, match=r"broken.parquet cannot be read"):
        LongTable.read(broken)
    quoted = tmp_path / "open.csv"
    quoted.write_text('a,b\n1,"' + "x\n" * 200_000)
    with pytest.raises(TableError, match="quote that is never closed"):
        LongTable.read(quoted)
    ragged = tmp_path / "ragged.csv"
    ragged.write_text("a,b\n" + "1,2\n" * 50_000 + "1,2,3\n" + "1,2\n" * 50_000)
    with pytest.raises(TableError, match=r"ragged\.csv"):
        LongTable.read(ragged)
    bare = tmp_path / "bare.csv"
    bare.write_text("a,b\n")
    with pytest.raises(TableError, match="no rows"):
        LongTable.read(bare)
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(flights(3000).write_csv().encode())[:-4000])
    with pytest.raises(TableError, match=r"cut.csv.gz cannot be read"):
        LongTable.read(cut)


def test_a_path_is_opened_by_what_there_is_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(flights(2000), tmp_path / "flights.parquet")
    assert isinstance(opened(path), Table) and isinstance(opened(path, memory="1GB"), Table)
    long = opened(path, memory="100 kB")
    assert isinstance(long, LongTable) and opened(long) is long
    monkeypatch.setattr(room, "free_bytes", lambda: 100_000)
    assert isinstance(opened(path), LongTable)
    assert isinstance(opened(flights(2000), memory="1kB"), Table)  # what is in memory stays there
    assert not is_long(tmp_path, 1) and not is_long(tmp_path / "book.xlsx", 1)


@pytest.mark.parametrize(
    ("said", "meant"), [("8GB", 8 * 10**9), ("500 MB", 5 * 10**8), ("2GiB", 2**31), ("1.5k", 1500), (7, 7)]
)
def test_sizes_of_memory(said: str | int, meant: int) -> None:
    assert bytes_of(said) == meant


@pytest.mark.parametrize("said", ["much", "-3GB", "0", "8XB", "", "GB"])
def test_what_is_no_size_of_memory_is_refused(said: str) -> None:
    with pytest.raises(TableError, match=r"is no size of memory. Write it as 8GB"):
        bytes_of(said)


def test_free_memory_is_a_number_of_this_machine() -> None:
    assert 10**7 < free_bytes() < 10**15


def test_a_table_that_changes_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = write(flights(3000), tmp_path / "flights.csv")
    long = LongTable.read(path, sample_rows=100)
    write(flights(3000).drop("wind"), path)
    with pytest.raises(TableError, match="changed while it was read"):
        list(long.pieces())
    assert long_files.PIECE_ROWS == 1000
