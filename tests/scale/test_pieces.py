"""Tables in pieces: all rows once, with their numbers; what is unpacked is what was packed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import injerto
from injerto.scale import pieces
from injerto.scale.parcel import Parcel

ODD = pl.DataFrame(
    {
        "name": ["é", None, ""],
        "photo": [b"\xff\xd8", None, b""],
        "day": [dt.date(2024, 2, 29), None, dt.date(1999, 1, 1)],
        "kind": pl.Series(["a", None, "b"], dtype=pl.Categorical),
        "clip": [{"path": "a.wav", "start_s": 0.5}, None, {"path": None, "start_s": None}],
        "many": [[1.5], [], None],
    }
)


def test_rows_keep_their_numbers() -> None:
    table = injerto.Table.of({"x": range(5000)}).take(np.arange(4999, 9, -1))
    cut = list(pieces.cut([table, table.take(np.arange(7))], workers=2, sort="rows"))
    assert [len(piece) for piece in cut] == [1024] * 4 + [894, 7]
    assert np.concatenate([piece.rows for piece in cut[:-1]]).tolist() == table.rows.tolist()
    assert cut[1].frame["x"].to_list() == cut[1].rows.tolist()


def test_pieces_of_large_cells_are_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST_BYTES", 5000)
    sizes = [100, 100, 9000, 100, 2000, 2000, 2000, 100]
    table = injerto.Table.of({"photo": [b"x" * size for size in sizes]})
    cut = list(pieces.cut([table], workers=1, sort="files"))
    assert np.concatenate([piece.rows for piece in cut]).tolist() == list(range(8))
    assert all(len(piece) == 1 or piece.frame.estimated_size() <= 5000 for piece in cut)
    assert len(cut) < 8


def test_what_is_unpacked_is_what_was_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = injerto.Table.of(ODD, folder="photos").take(np.array([2, 0]))
    again = pieces.unpacked(pieces.packed(table))
    assert_frame_equal(again.frame, table.frame)
    assert (again.name, again.folder, again.rows.tolist()) == ("table", tmp_path / "photos", [2, 0])


def test_arrays_travel_to_the_last_bit() -> None:
    sent = {"a": np.array([[np.nan, -0.0, 1e-45]], dtype=np.float32), "none": np.empty((0, 3)), "yes": np.array([True, False])}
    found = Parcel.unpacked(Parcel({"empty": pl.DataFrame()}, sent).packed())
    assert found.frames["empty"].is_empty()
    assert {name: (one.dtype, one.shape, one.tobytes()) for name, one in found.arrays.items()} == {
        name: (one.dtype, one.shape, one.tobytes()) for name, one in sent.items()
    }


@pytest.mark.parametrize(("sort", "most"), [("files", 256), ("vectors", 1024), ("rows", 49_152)])
def test_pieces_grow_with_the_table_up_to_what_suits_the_work(sort: pieces.Sort, most: int) -> None:
    table = injerto.Table.of({"x": range(most * 10)})
    assert {len(piece) for piece in pieces.cut([table], workers=1, sort=sort)} == {most}
    many = [len(piece) for piece in pieces.cut([table], workers=20, sort=sort)]
    assert len(many) >= 80 or min(many) >= 1024  # four for each worker, unless they would be too small to send
