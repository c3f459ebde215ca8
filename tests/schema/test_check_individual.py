"""Tables of individuals that cannot teach, or would teach something else, are told of in words."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image

from injerto.schema.check import check
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.table import Table

ROWS = 8


def said(folder: Path, schema: Schema | None = None, severity: str = "error", **columns: Any) -> list[str]:
    for row in range(ROWS):
        if not (folder / f"{row}.png").exists():
            Image.new("RGB", (20, 20), (30 * row, 10, 10)).save(folder / f"{row}.png")
    given = {"photo": [f"{row}.png" for row in range(ROWS)], "animal": list("aabbccdd")} | columns
    table = Table.of(pl.DataFrame(given, strict=False), folder=folder)
    problems = check(schema or schema_of(), table, quick=True).problems
    return [problem.message for problem in problems if problem.severity == severity]


def schema_of(**options: Any) -> Schema:
    target = Target(kind="individual", **({"photo": "photo"} | options))
    return Schema(inputs={"photo": Input(kind="image")}, targets={"animal": target})


def test_a_good_table_has_no_errors(tmp_path: Path) -> None:
    assert said(tmp_path) == []
    assert said(tmp_path, schema_of(sighting="day"), day=list("12345678")) == []


def test_a_target_without_a_column_of_photos(tmp_path: Path) -> None:
    assert "Target 'animal' names no column of photos; it must be an input of kind image." in said(
        tmp_path, schema_of(photo=None)
    )
    found = said(tmp_path, schema_of(photo="phot"))
    assert any("names 'phot' as the column of photos" in one and "Did you mean 'photo'?" in one for one in found)


def test_inputs_beside_the_photo(tmp_path: Path) -> None:
    schema = schema_of()
    more = schema.model_copy(update={"inputs": {**schema.inputs, "mass": Input(kind="number")}})
    found = said(tmp_path, more, mass=[1.0, 2.0, 3.5, 4.0] * 2)
    assert found == ["Individuals are told from the photo alone, but 'mass' would be inputs. Leave them out."]


def test_two_columns_of_individuals(tmp_path: Path) -> None:
    schema = schema_of()
    twice = schema.model_copy(update={"targets": {**schema.targets, "calf": schema.targets["animal"]}})
    assert "A model tells apart the individuals of one column. Train one for each." in said(
        tmp_path, twice, calf=list("eeffgghh")
    )


def test_individuals_have_no_probe(tmp_path: Path) -> None:
    probe = schema_of().model_copy(update={"training": Training(mode="probe")})
    assert said(tmp_path, probe) == ["Individuals have no probe: their networks learn whole. Leave the mode out."]


@pytest.mark.parametrize("role", ["sighting", "flank"])
def test_a_role_that_is_not_in_the_table_gets_the_nearest(tmp_path: Path, role: str) -> None:
    found = said(tmp_path, schema_of(**{role: "dai"}), day=["1"] * ROWS)
    assert found[0].startswith(f"The {role} column 'dai' is not in the table")
    assert found[0].endswith("Did you mean 'day'?")


def test_a_single_individual_and_nobody(tmp_path: Path) -> None:
    assert any("animal" in one for one in said(tmp_path, animal=["a"] * ROWS))
    assert any("animal" in one for one in said(tmp_path, animal=[None] * ROWS))
    assert any("animal" in one for one in said(tmp_path, animal=["", " "] * 4))


def test_everybody_seen_once(tmp_path: Path) -> None:
    found = said(tmp_path, animal=list("abcdefgh"))
    assert any("every individual has one photo only" in one for one in found)
    found = said(tmp_path, schema_of(sighting="day"), day=list("11223344"))
    assert any("every individual has one sighting only" in one for one in found)


def test_some_seen_once_is_a_note(tmp_path: Path) -> None:
    notes = said(tmp_path, severity="note", animal=list("aabbccde"))
    assert any("2 individuals of 5 with one photo only" in one for one in notes)
    notes = said(tmp_path, schema_of(sighting="day"), severity="note", day=list("11234567"))
    assert any("1 individual of 4 with one sighting only" in one for one in notes)


def test_photos_without_a_sighting_are_each_of_their_own(tmp_path: Path) -> None:
    """Nobody said that they were taken at one time: an empty cell is not one more sighting of that name."""
    assert said(tmp_path, schema_of(sighting="day"), day=[None] * ROWS) == []
    assert said(tmp_path, schema_of(sighting="day"), day=["", " "] * 4) == []
    notes = said(tmp_path, schema_of(sighting="day"), severity="note", day=["1", "1", "2", None, None, None, "3", "4"])
    assert any("1 individual of 4 with one sighting only" in one for one in notes)


def test_without_sightings_the_score_may_be_too_good(tmp_path: Path) -> None:
    words = "has no sighting column: photos of one moment"
    assert any(words in one for one in said(tmp_path, severity="note"))
    assert not any(words in one for one in said(tmp_path, schema_of(sighting="day"), "note", day=list("12345678")))
    grouped = schema_of().model_copy(update={"split": Split(group="trip")})
    assert not any(words in one for one in said(tmp_path, grouped, "note", trip=list("12345678")))


def test_a_name_in_two_spellings_is_told(tmp_path: Path) -> None:
    warnings = said(tmp_path, severity="warning", animal=["Luna", "luna", "Luna", "Sol", "Sol", "Mar", "Mar", "LUNA "])
    assert any("has names that differ only in case" in one and "Luna" in one and "luna" in one for one in warnings)


def test_answers_that_would_write_over_each_other(tmp_path: Path) -> None:
    schema = schema_of()
    more = schema.model_copy(update={"targets": {**schema.targets, "animal_new": Target(kind="class")}})
    found = said(tmp_path, more, animal_new=["x", "y"] * 4)
    assert any("'animal' and 'animal_new' would both write the column 'animal_new'" in one for one in found)
