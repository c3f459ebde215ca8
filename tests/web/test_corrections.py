"""Corrections become a table that trains; whole lines or none, files by their content, nothing that tells the answer."""

from __future__ import annotations

import json
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
from serving import served
from test_refusals import ROW, refused

import injerto
from injerto.errors import OutputError
from injerto.web.corrections import Corrections, append
from injerto.web.fields import Field


def test_they_are_a_table_to_train_on(birds_model: Path, tmp_path: Path):
    rows = [ROW | {"mass_g": 10 + place} for place in range(30)]
    truths = ["wren" if place % 2 else "grey, small\nbird" for place in range(30)]
    with served(birds_model, corrections=tmp_path) as client, ThreadPoolExecutor(8) as pool:
        said = [
            pool.submit(client.post, "/corrections", {"row": row, "truth": {"species": truth}, "said": {"species": "owl"}})
            for row, truth in zip(rows, truths, strict=True)
        ]
        assert {one.result().status for one in said} == {201}
        assert sorted(one.result().told["corrections"] for one in said) == list(range(1, 31))
    table = injerto.Table.read(tmp_path / "birds" / "corrections.csv")
    assert table.columns == ["mass_g", "hour", "seen", "species"]
    assert sorted(zip(table.frame["mass_g"], table.frame["species"], strict=True)) == [
        (row["mass_g"], truth) for row, truth in zip(rows, truths, strict=True)
    ]
    found = injerto.check(injerto.declare(table, injerto.Wishes(targets=["species"])), table).problems
    assert [one for one in found if one.severity == "error"] == []
    history = [json.loads(line) for line in (tmp_path / "birds" / "history.jsonl").read_text().splitlines()]
    assert [one["said"]["species"] for one in history] == ["owl"] * 30


def test_what_cannot_be_written_down_is_refused(birds_model: Path, tmp_path: Path):
    with served(birds_model, corrections=tmp_path) as client:
        refused(client.post("/corrections", {"row": ROW, "truth": {}}), 422, "Nothing is told to be true")
        refused(client.post("/corrections", {"row": ROW, "truth": {"species": ""}}), 422, "Nothing is told")
        refused(client.post("/corrections", {"row": ROW, "truth": {"specis": "owl"}}), 422, "Did you mean 'species'?")
        refused(client.post("/corrections", {"row": ROW, "truth": {"species": ["owl"]}}), 422, "must be text or a number")
        refused(client.post("/corrections", {"row": ROW | {"mass_g": []}, "truth": {"species": "owl"}}), 422, "not a number")
        refused(client.post("/corrections", {"row": {}, "truth": {"species": "owl"}}), 422, "lack 3 column(s)")
        refused(client.post("/corrections", ["row"]), 422, "an object with a row")
        refused(client.form("/corrections", ("row", None, b"1")), 415, "application/json")
    assert not (tmp_path / "birds").exists()


def test_a_file_is_called_by_its_content(mixed: Path, photos: Path, tmp_path: Path):
    content = (photos / "red" / "00.png").read_bytes()
    told = {"row": {"photo": b64encode(content).decode(), "size": 3}, "truth": {"tint": "red"}}
    with served(mixed, corrections=tmp_path) as client:
        for _ in range(2):
            assert client.post("/corrections", told).status == 201
        refused(client.post("/corrections", told | {"row": {"photo": "../../etc/passwd", "size": 3}}), 422, "photo: not")
    (file,) = (tmp_path / "tint" / "files").iterdir()
    assert file.suffix == ".png"
    assert file.read_bytes() == content
    assert pl.read_csv(tmp_path / "tint" / "corrections.csv")["photo"].to_list() == [f"files/{file.name}"] * 2


def test_a_model_with_other_columns_has_a_table_of_its_own(tmp_path: Path):
    first = Corrections(tmp_path, [Field("mass", "number")], ["species"])
    second = Corrections(tmp_path, [Field("mass", "number"), Field("found", "categories")], ["species"])
    assert first.add({"mass": 1.5}, {"species": "owl"}, None) == 1
    assert second.add({"mass": 2.0, "found": ["fox", "owl"]}, {"species": "jay"}, None) == 1
    assert first.add({"mass": None}, {"species": "owl"}, None) == 2
    assert (tmp_path / "corrections.csv").read_text() == "mass,species\n1.5,owl\n,owl\n"
    assert (tmp_path / "corrections-2.csv").read_text() == "mass,found,species\n2,fox; owl,jay\n"


def test_a_line_that_does_not_fit_leaves_none_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "table.csv"
    append(path, "a,b\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("injerto.web.corrections.os.fsync", full)
    with pytest.raises(OutputError, match=r"table\.csv' cannot be written: No space left"):
        append(path, "1,2\n")
    assert path.read_text() == "a,b\n"
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        append(tmp_path / "file" / "x.csv", "1\n")
