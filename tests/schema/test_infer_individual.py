"""A table of named photos to a schema: what is found by its name, and what is refused with a word of help."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from injerto.errors import ColumnError, SchemaError
from injerto.schema.infer_individual import FROM_PHOTO_ALONE, MULTIPLIERS, ROLES
from injerto.schema.schema import Schema
from injerto.schema.wishes import Wishes, declare
from injerto.table.table import Table

WHO = ("animal:individual",)


def herd(folder: Path, **columns: Any) -> Table:
    for row in range(6):
        Image.new("RGB", (20, 20), (40 * row, 10, 10)).save(folder / f"{row}.png")
    given = {"photo": [f"{row}.png" for row in range(6)], "animal": ["a", "a", "b", "b", "c", "c"]} | columns
    return Table.of({name: cells for name, cells in given.items() if cells is not None}, folder=folder)


def test_one_photo_and_nothing_else(tmp_path: Path) -> None:
    table = herd(tmp_path, water=[1.5, 2.0, 3.5, 4.0, 5.0, 6.0], species=["x", "y"] * 3)
    schema = declare(table, Wishes(WHO))
    target = schema.targets["animal"]
    assert (target.kind, target.photo, target.sighting, target.flank) == ("individual", "photo", None, None)
    assert schema.individual == ("animal", target)
    assert list(schema.inputs) == ["photo"]
    assert schema.dropped["water"] == schema.dropped["species"] == FROM_PHOTO_ALONE
    assert schema.training.multipliers == MULTIPLIERS
    assert Schema.from_toml(schema.to_toml()) == schema


@pytest.mark.parametrize(("sighting", "flank"), [("sighting", "flank"), ("Encounter_ID", "SIDE"), ("burst", "viewpoint")])
def test_sighting_and_flank_are_found_by_their_names(tmp_path: Path, sighting: str, flank: str) -> None:
    schema = declare(herd(tmp_path, **{sighting: ["1", "1", "2", "2", "3", "3"], flank: ["l", "r"] * 3}), Wishes(WHO))
    target = schema.targets["animal"]
    assert (target.sighting, target.flank) == (sighting, flank)
    assert f"photos of one '{sighting}' are kept together; '{flank}' says which side" in target.reason
    assert schema.dropped[sighting] == "says which photos are of one sighting"
    assert schema.dropped[flank] == "says which side of the animal is seen"


def test_those_that_are_named_go_before_those_that_are_found(tmp_path: Path) -> None:
    table = herd(tmp_path, sighting=["1"] * 6, trip=["1", "1", "2", "2", "3", "3"], look=["l", "r"] * 3)
    target = declare(table, Wishes(WHO, sighting="trip", flank="look")).targets["animal"]
    assert (target.sighting, target.flank) == ("trip", "look")
    assert declare(table, Wishes(WHO, drop=["sighting"])).targets["animal"].sighting is None


def test_a_flank_that_is_learned_may_be_said_as_well(tmp_path: Path) -> None:
    """What is a target is not found by its name, but can be named; then it is learned and says which side."""
    table = herd(tmp_path, flank=["l", "r"] * 3)
    found = declare(table, Wishes((*WHO, "flank:class")))
    assert found.targets["animal"].flank is None
    named = declare(table, Wishes((*WHO, "flank:class"), flank="flank"))
    assert named.targets["animal"].flank == "flank"
    assert list(named.targets) == ["animal", "flank"]
    assert "flank" not in named.dropped


def test_the_individual_comes_first_among_the_targets(tmp_path: Path) -> None:
    schema = declare(herd(tmp_path, sex=["m", "f"] * 3), Wishes(("sex:class", *WHO)))
    assert list(schema.targets) == ["animal", "sex"]


def test_a_column_that_is_not_there_gets_the_nearest(tmp_path: Path) -> None:
    table = herd(tmp_path, sighting=["1"] * 6)
    with pytest.raises(ColumnError, match=r"has no column 'sigthing'. Did you mean 'sighting'?"):
        declare(table, Wishes(WHO, sighting="sigthing"))
    with pytest.raises(ColumnError, match=r"has no column 'a'.*\n.*has no column 'sightin'. Did you mean 'sighting'?"):
        declare(table, Wishes(WHO, sighting="a", flank="sightin"))
    with pytest.raises(ColumnError, match=r"Did you mean 'animal'?"):
        declare(table, Wishes(("anima:individual",)))


def test_without_photos_nobody_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(
        SchemaError, match=r"has no column of photos to tell individuals by. Name one with --input COLUMN:image"
    ):
        declare(herd(tmp_path, photo=None, mass=[1.5, 2, 3, 4, 5, 6]), Wishes(WHO))


def test_two_columns_of_photos_are_not_chosen_between(tmp_path: Path) -> None:
    table = herd(tmp_path, back=[f"{5 - row}.png" for row in range(6)])
    with pytest.raises(SchemaError, match=r"but 'photo', 'back' are all photos. Leave the others out with --drop"):
        declare(table, Wishes(WHO))
    assert declare(table, Wishes(WHO, drop=["back"])).targets["animal"].photo == "photo"
    assert declare(table, Wishes(WHO, ("back:image",), drop=["photo"])).targets["animal"].photo == "back"


def test_two_columns_of_individuals_are_two_models(tmp_path: Path) -> None:
    table = herd(tmp_path, calf=["d", "e"] * 3)
    with pytest.raises(SchemaError, match=r"individuals of one column, but 'animal' and 'calf' are asked for"):
        declare(table, Wishes((*WHO, "calf:individual")))


@pytest.mark.parametrize("wishes", [Wishes(("animal:class",), sighting="day"), Wishes(("animal:class",), flank="side")])
def test_options_of_individuals_without_one(tmp_path: Path, wishes: Wishes) -> None:
    table = herd(tmp_path, day=["1"] * 6, side=["l"] * 6)
    with pytest.raises(
        SchemaError, match=r"are options of individuals: declare the target so, as in --target animal:individual"
    ):
        declare(table, wishes)
    given = declare(table, Wishes(("animal:class",)))
    with pytest.raises(SchemaError, match=r"are options of individuals"):
        declare(table, Wishes(schema=given, sighting="day"))


def test_a_schema_of_individuals_can_get_other_roles_and_nothing_else(tmp_path: Path) -> None:
    table = herd(tmp_path, day=["1", "1", "2", "2", "3", "3"], trip=["1"] * 6, side=["l", "r"] * 3)
    given = declare(table, Wishes(WHO, sighting="day"))
    changed = declare(table, Wishes(schema=given, sighting="trip", flank="side", seed=4))
    assert (changed.targets["animal"].sighting, changed.targets["animal"].flank) == ("trip", "side")
    assert changed.training.seed == 4
    assert (changed.dropped["trip"], changed.dropped["side"]) == (ROLES["sighting"], ROLES["flank"])
    assert changed.dropped["day"] == FROM_PHOTO_ALONE
    assert declare(table, Wishes(schema=given)) == given
    with pytest.raises(SchemaError, match=r"change its targets and inputs in the file, or leave the file out"):
        declare(table, Wishes(("day:class",), schema=given))
    with pytest.raises(ColumnError, match=r"has no column 'trio'. Did you mean 'trip'?"):
        declare(table, Wishes(schema=given, sighting="trio"))


@pytest.mark.parametrize("kind", ["identity", "individuals", "animal"])
def test_other_words_for_the_kind(tmp_path: Path, kind: str) -> None:
    with pytest.raises(SchemaError, match=f"'{kind}' is not a kind of target. Did you mean 'individual'?"):
        declare(herd(tmp_path), Wishes((f"animal:{kind}",)))
