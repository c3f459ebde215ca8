"""Rows of a table as a gallery keeps them; a file that cannot be read is listed."""

import hashlib
import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from injerto.errors import ColumnError
from injerto.gallery.asked import Asked
from injerto.gallery.entries import PhotoColumns, digest_of, entries_of
from injerto.progress import Silent
from injerto.table.table import Table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png"):
        Image.fromarray(np.full((40, 20, 3), ord(name[0]), dtype=np.uint8)).save(tmp_path / name)
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff no picture")
    return tmp_path


def table(folder: Path, **more: list[object]) -> Table:
    frame = pl.DataFrame({"whale": ["Luna", "Sol", "Mar", "Sol"], "file": ["a.png", "bad.jpg", "gone.png", "b.png"], **more})
    return Table.of(frame, folder=folder)


def test_what_is_kept_of_each_photo(folder: Path):
    entries = entries_of(
        table(folder, trip=[7, 7, 8, 9], side=["left", None, "", " right "]),
        PhotoColumns("whale", "file", sighting="trip", flank="side"),
        Silent(),
    )
    assert entries.rows.tolist() == [0, 3]
    kept = entries.photos.drop("thumbnail", "added").to_dicts()
    assert kept[0] == {
        "individual": "Luna",
        "photo": "a.png",
        "sighting": "7",
        "flank": "left",
        "digest": hashlib.sha256((folder / "a.png").read_bytes()).hexdigest(),
        "origin": "table",
    }
    assert kept[1]["flank"] == "right"
    small = Image.open(io.BytesIO(entries.photos["thumbnail"][1]))
    assert small.size == (20, 40)
    assert entries.notes == []


def test_files_that_cannot_be_read_are_listed_with_their_row(folder: Path):
    entries = entries_of(table(folder), PhotoColumns("whale", "file"), Silent())
    assert [(entry.row, entry.file) for entry in entries.ledger] == [(1, "bad.jpg"), (2, "gone.png")]
    assert "no such file" in entries.ledger.entries[1].reason


def test_a_table_without_sightings_says_so(folder: Path):
    entries = entries_of(table(folder), PhotoColumns("whale", "file", sighting="trip"), Silent())
    assert entries.notes == [
        "The table table has no column 'trip': its photos have no sighting, and none will be left out for it."
    ]
    assert entries.photos["sighting"].null_count() == 2


def test_queries_name_nobody(folder: Path):
    entries = entries_of(table(folder, trip=[7, 7, 8, 9]), PhotoColumns(None, "file", sighting="trip"), Silent())
    asked = Asked.of(entries.photos)
    assert entries.photos["individual"].null_count() == 2
    assert asked.sightings == ["7", "9"]
    assert asked.digests == entries.photos["digest"].to_list()
    assert asked.flanks == [None, None]


def test_numbers_may_be_names(folder: Path):
    frame = pl.DataFrame({"whale": [17], "file": ["a.png"]})
    assert entries_of(Table.of(frame, folder=folder), PhotoColumns("whale", "file"), Silent()).photos["individual"][0] == "17"


def test_whole_numbers_with_gaps_are_named_as_training_names_them(folder: Path):
    frame = pl.DataFrame({"whale": [17.0, None], "file": ["a.png", "b.png"], "trip": [float("nan"), 3.0]})
    photos = entries_of(Table.of(frame, folder=folder), PhotoColumns("whale", "file", sighting="trip"), Silent()).photos
    assert photos["individual"].to_list() == ["17", None]
    assert photos["sighting"].to_list() == [None, "3"]


def test_a_missing_column_gets_the_nearest(folder: Path):
    with pytest.raises(ColumnError, match=r"no column 'while'. Did you mean 'whale'"):
        entries_of(table(folder), PhotoColumns("while", "file"), Silent())


def test_bytes_in_the_table_are_photos(folder: Path):
    frame = pl.DataFrame({"whale": ["Luna"], "file": [(folder / "a.png").read_bytes()]})
    entries = entries_of(Table.of(frame), PhotoColumns("whale", "file"), Silent())
    assert entries.photos["digest"][0] == digest_of((folder / "a.png").read_bytes())


def test_a_table_of_bad_files_alone_gives_no_photos(folder: Path):
    frame = pl.DataFrame({"whale": ["Luna", "Sol"], "file": ["gone.png", "bad.jpg"]})
    entries = entries_of(Table.of(frame, folder=folder), PhotoColumns("whale", "file"), Silent())
    assert entries.photos.height == 0
    assert len(entries.ledger) == 2
