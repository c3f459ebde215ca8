"""Scoring a table too long for memory: every row counts, and the figures are those that it has in memory."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import soundfile

import injerto as library
from injerto import answered_rows
from injerto.errors import TableError
from injerto.progress import Silent
from injerto.table import long_table
from made_long import flights, small_pieces, write
from said import Call, caller

ROWS, SAMPLE = 3500, 800


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch, sample=SAMPLE)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of two targets, whose rows were split by their pilot."""
    kinds = {"airline": "category", "plane": "category", "start": "date"}
    schema = library.Schema(
        inputs={name: library.Input(kind=kind) for name, kind in kinds.items()},  # type: ignore[arg-type]
        targets={"late": library.Target(kind="class"), "wind": library.Target(kind="number")},
        split=library.Split(group="pilot"),
        training=library.Training(epochs=2),
    )
    out = tmp_path_factory.mktemp("long") / "flights.model"
    library.train(flights(1500), schema=schema, out=out)
    return out


def close(one: object, two: object) -> bool:
    """Whether two trees of figures say the same, but for what sums in another order differ in."""
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(close(one[key], two[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(close, one, two))
    if isinstance(one, float) and isinstance(two, float):
        return math.isclose(one, two, rel_tol=1e-4, abs_tol=1e-5)
    return one == two


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_every_row_counts_and_figures_are_those_of_the_table_in_memory(
    tmp_path: Path, model: Path, injerto: Call, suffix: str
) -> None:
    frame = flights(ROWS, seed=5).with_columns(
        late=pl.when(pl.int_range(pl.len()) % 7 == 0).then(None).when(pl.int_range(pl.len()) == 3001)
        .then(pl.lit("diverted")).otherwise("late"),
        wind=pl.when(pl.int_range(pl.len()) < 1200).then(None).otherwise("wind"),
    )  # fmt: skip
    path = write(frame, tmp_path / f"new{suffix}")
    asked = ("evaluate", model, path, "--by", "airline", "--coverage", "0.8", "--json")
    short, long = injerto(*asked), injerto(*asked, "--memory", "1kB")
    one, two = json.loads(short.out), json.loads(long.out)
    assert one["rows"] == two["rows"] == ROWS and two["targets"]["late"]["rows"] == ROWS - 500
    assert one["targets"]["late"]["groups"].keys() == {f"airline {code}" for code in range(5)}
    assert close(one["targets"], two["targets"])
    assert one["notes"] == two["notes"] and "has never seen these classes" in str(two["notes"])
    assert "drawn at random" not in long.err


def test_a_cell_that_is_no_number_costs_its_row_and_an_odd_label_only_itself(tmp_path: Path, injerto: Call) -> None:
    kinds = {"airline": "category", "plane": "category", "height": "number"}
    schema = library.Schema(
        inputs={name: library.Input(kind=kind) for name, kind in kinds.items()},  # type: ignore[arg-type]
        targets={"wind": library.Target(kind="number")},
        training=library.Training(epochs=1),
    )
    taught = flights(1000).with_columns(height=pl.int_range(pl.len()) / 4)
    library.train(taught, schema=schema, out=tmp_path / "wind.model")
    frame = flights(ROWS, seed=5).with_columns(height=pl.int_range(pl.len()) / 4)
    sampled = library.LongTable.read(write(frame, tmp_path / "new.csv")).sample.rows
    high, windy, _ = [row for row in range(2000, ROWS) if row not in sampled and frame["wind"][row] is not None][:3]
    height, wind = frame["height"].cast(pl.String).to_list(), frame["wind"].cast(pl.String).to_list()
    height[high], wind[windy] = "sky"[: len(height[high])], "gusty!"[: len(wind[windy])]
    path = write(frame.with_columns(height=pl.Series(height), wind=pl.Series(wind)), tmp_path / "new.csv")
    said = injerto("evaluate", tmp_path / "wind.model", path, "--memory", "1kB", "--json")
    found = json.loads(said.out)
    assert said.code == 3 and f"row {high}" in said.err
    assert (found["rows"], found["unusable"]) == (ROWS, 1)
    assert found["targets"]["wind"]["rows"] == ROWS - frame["wind"].null_count() - 2


def test_where_the_answers_do_not_fit_rows_are_drawn_by_chance_and_it_is_said(
    tmp_path: Path, model: Path, injerto: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(flights(ROWS, seed=5), tmp_path / "new.parquet")
    monkeypatch.setattr(answered_rows, "FEWEST_ROWS", 700)
    found = library.load(model).evaluate(library.open_table(path, memory="1kB"))
    assert 600 < found.rows < 800  # no fewer, but for chance, however little memory there is
    assert f"The table of 3,500 rows has answers that do not all fit into the memory: {found.rows:,} of" in found.notes[0]
    assert library.load(model).evaluate(library.open_table(path, memory="1kB")).to_json() == found.to_json()
    long = library.open_table(path, memory="1kB")
    artifact = library.load(model).artifact
    few = answered_rows.answered_pieces(artifact, long, ["late"], Silent()).table.rows
    assert np.all(np.diff(few) > 0) and few[:5].max() < 60 and few[-5:].min() > ROWS - 60
    room = [answered_rows.room_for(artifact, library.LongTable.read(path, memory=size), ["late"]) for size in (1, 10**6, 10**9)]
    assert room[0] == 700 < room[1] < room[2] == ROWS


def test_the_table_of_training_is_known_again(tmp_path: Path, injerto: Call) -> None:
    path = write(flights(ROWS), tmp_path / "flights.parquet")
    kinds = {"airline": "category", "wind": "number"}
    schema = library.Schema(
        inputs={name: library.Input(kind=kind) for name, kind in kinds.items()},  # type: ignore[arg-type]
        targets={"late": library.Target(kind="class")},
        training=library.Training(epochs=1),
    )
    model = library.train(path, schema=schema, memory="100kB")
    note = next(one for one in model.evaluate(library.open_table(path, memory="100kB")).notes if "was trained on" in one)
    account = model.artifact.facts["account"]
    assert f"{account['train']:,} of its 3,500 rows taught it and {account['tune']:,} chose" in note


def test_without_any_label_it_is_refused(tmp_path: Path, model: Path) -> None:
    frame = flights(ROWS).with_columns(late=pl.lit(None, pl.String), wind=pl.lit(None, pl.Float64))
    path = write(frame, tmp_path / "new.parquet")
    with pytest.raises(TableError, match=r"has no known label in its 3,500 rows"):
        library.load(model).evaluate(library.open_table(path, memory="100kB"))


def test_sounds_are_heard_in_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_table, "SAMPLE_ROWS", 30)
    for place in range(40):
        tone = np.sin(2 * np.pi * (400 + 900 * (place % 2) + place) * np.arange(4000) / 8000)
        soundfile.write(tmp_path / f"{place}.wav", tone, 8000)
    frame = pl.DataFrame({"file": [f"{place}.wav" for place in range(40)], "pitch": ["low", "high"] * 20})
    path = write(frame, tmp_path / "sounds.csv")
    heard = library.Input(kind="sound", backbone="small_cnn", clip_seconds=0.5)
    schema = library.Schema(
        inputs={"file": heard}, targets={"pitch": library.Target(kind="class")}, training=library.Training(epochs=1)
    )
    found = library.train(path, schema=schema).evaluate(library.open_table(path, memory=100))
    assert found.rows == 30
    assert any("The table of 40 rows is too long for memory and has photos or sounds: 30 of them" in one for one in found.notes)
