"""The doors give the same answers: a row through the command line, through Python and over HTTP."""

from __future__ import annotations

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from serving import Client, served
from typer.testing import CliRunner

import injerto
from injerto.cli.app import app
from small import birds

TOLERANCE = 1e-4


def same(answer: dict[str, Any], row: dict[str, Any]) -> None:
    """An answer over HTTP beside the row of a table of answers."""
    for name, value in answer.items():
        if isinstance(value, float):
            assert value == pytest.approx(row[name], abs=TOLERANCE), name
        else:
            assert value == row[name] or (value is None and row[name] in (None, "")), name


def json_rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    return [{name: str(cell) if name == "seen" and cell else cell for name, cell in row.items()} for row in table.to_dicts()]


def test_the_command_line_python_and_http_give_the_same_answers(server: Client, birds_model: Path, tmp_path: Path):
    table = birds(40, seed=5).drop("species")
    table.write_csv(tmp_path / "new.csv")
    out = tmp_path / "answers.csv"
    assert CliRunner().invoke(app, ["predict", str(birds_model), str(tmp_path / "new.csv"), "--out", str(out)]).exit_code == 0
    written = pl.read_csv(out).to_dicts()
    python = injerto.load(birds_model).predict(table).answers.to_dicts()
    answers = server.rows(*json_rows(table)).told["answers"]
    assert len(answers) == 40
    for answer, line, row in zip(answers, written, python, strict=True):
        same(answer, line)
        same(answer, row)


def test_a_form_gives_the_same_answer_as_json(server: Client):
    row = {"mass_g": "12.5", "hour": "night", "seen": "2024-06-01"}
    form = server.form("/predict", *((name, None, cell.encode()) for name, cell in row.items()))
    assert form.status == 200
    assert form.told["answers"] == server.rows({**row, "mass_g": 12.5}).told["answers"]


def test_options_are_those_of_the_command_line(server: Client, birds_model: Path):
    table = birds(8, seed=6).drop("species")
    expected = injerto.load(birds_model).predict(table, coverage=0.8, max_error=0.4).with_unlike()
    reply = server.post("/predict?coverage=0.8&max_error=0.4&unlike=true", {"rows": json_rows(table)}).told
    for answer, row in zip(reply["answers"], expected.answers.to_dicts(), strict=True):
        same(answer, row)
    assert reply["notes"] == list(expected.promises)
    assert {"species_set", "species_decision", "familiarity"} <= set(reply["answers"][0])


def test_rows_of_other_requests_change_nothing(server: Client):
    """Concurrent requests go through one pass, whatever types their cells have."""
    rows = [
        {"mass_g": 10, "hour": "day", "seen": "2024-01-05"},
        {"mass_g": "410.5", "hour": "night", "seen": None},
        {"mass_g": "heavy", "hour": 3, "seen": "2024-01-05T10:00:00"},
        {"mass_g": None, "hour": True, "seen": "gone"},
        {"mass_g": 1e308, "hour": "", "seen": ""},
    ] * 8
    alone = [server.rows(row) for row in rows[:5]]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(server.rows, rows))
    assert [reply.status for reply in found] == [200, 200, 422, 422, 200] * 8
    for place, reply in enumerate(found):
        assert reply.body == alone[place % 5].body
    assert "'heavy' is not a number" in found[2].told["detail"]


def test_a_row_that_cannot_be_used_keeps_its_place(server: Client):
    reply = server.rows({"mass_g": 10, "hour": "day", "seen": None}, {"mass_g": {"a": 1}, "hour": "day", "seen": None})
    assert reply.status == 200
    first, second = reply.told["answers"]
    assert first["species"] == "wren"
    assert first["problem"] is None
    assert second == dict.fromkeys(first) | {"problem": "mass_g: {'a': 1} is not a number"}


def test_photos_come_as_bytes_of_a_form_or_in_base64(mixed: Path, photos: Path):
    files = [photos / "red" / "00.png", photos / "green" / "03.png"]
    table = {"photo": [str(path) for path in files], "size": [2.0, 2.0]}
    expected = injerto.load(mixed).predict(table).answers.to_dicts()
    with served(mixed) as client:
        parts = [("photo", path.name, path.read_bytes()) for path in files]
        form = client.form("/predict", *parts, ("size", None, b"2"))
        text = [b64encode(path.read_bytes()).decode() for path in files]
        plain = client.rows({"photo": text[0], "size": 2}, {"photo": f"data:image/png;base64,{text[1]}", "size": 2.0})
        with ThreadPoolExecutor(8) as pool:  # photos of several requests in one pass
            many = list(pool.map(lambda part: client.form("/predict", part, ("size", None, b"2")), parts * 8))
    for reply in (form, plain):
        assert reply.status == 200
        for answer, row in zip(reply.told["answers"], expected, strict=True):
            same(answer, row)
    for place, reply in enumerate(many):
        same(reply.told["answers"][0], expected[place % 2])


@pytest.mark.slow
def test_points_come_in_pixels(points: Path):
    photo = points.parent / "photos" / "003.png"
    expected = injerto.load(points).predict({"photo": [str(photo)]}).answers.to_dicts()[0]
    with served(points) as client:
        reply = client.form("/predict", ("photo", "x.png", photo.read_bytes()))
    assert reply.status == 200
    same(reply.told["answers"][0], expected)
