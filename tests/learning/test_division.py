"""The split of individuals: sightings in one piece, newcomers whole, and what a group or a column of the user's means."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from injerto.learning.division import Division, divide
from injerto.progress import Silent
from injerto.schema.wishes import Wishes, declare
from injerto.table.table import Table
from made_animals import Columns, animals

INDIVIDUALS, EACH = 13, 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("herd")


@pytest.fixture(scope="module")
def columns(folder: Path) -> Columns:
    return animals(folder, INDIVIDUALS, EACH)


def divided(folder: Path, columns: dict[str, Any], **wishes: Any) -> Division:
    table = Table.of(columns, folder=folder)
    return divide(table, declare(table, Wishes(("animal:individual",), seed=2, **wishes)), Silent())


def sides_of(division: Division, values: list[Any]) -> dict[Any, set[str]]:
    """On which sides each value stands."""
    found: dict[Any, set[str]] = {}
    for side in ("train", "tune", "test"):
        for row in getattr(division.rows, side).tolist():
            found.setdefault(values[row], set()).add(side)
    return found


def test_sightings_are_in_one_piece_and_newcomers_are_whole(folder: Path, columns: Columns) -> None:
    division = divided(folder, columns)
    assert all(len(sides) == 1 for sides in sides_of(division, columns["sighting"]).values())
    animal = sides_of(division, columns["animal"])
    assert sum("train" not in sides for sides in animal.values()) == 3  # a sixth of 13 to test, and of the 11 left to tune
    assert sum(sides == {"test"} for sides in animal.values()) == 2
    assert "Photos of one 'sighting' are on one side. As newcomers, whole individuals" in division.rows.reason
    assert all(len(sides) == 1 for sides in sides_of(division, division.unit.tolist()).values())


def test_near_duplicates_are_kept_together_without_sightings(folder: Path, columns: Columns) -> None:
    same = columns | {"photo": [columns["photo"][row - row % 2] for row in range(INDIVIDUALS * EACH)]}
    same.pop("sighting")
    division = divided(folder, same)
    assert all(len(sides) == 1 for sides in sides_of(division, same["photo"]).values())


def test_grouped_by_individual_all_that_test_are_strangers(folder: Path, columns: Columns) -> None:
    division = divided(folder, columns, group="animal")
    assert all(len(sides) == 1 for sides in sides_of(division, columns["animal"]).values())
    assert "newcomers" not in division.rows.reason
    assert "cannot be learned" not in division.rows.reason


def test_a_column_of_the_users_says_who_tests(folder: Path, columns: Columns) -> None:
    side = ["test" if row % EACH > 3 else "train" for row in range(INDIVIDUALS * EACH)]
    division = divided(folder, columns | {"part": side}, split="part")
    assert division.rows.test.tolist() == [row for row, word in enumerate(side) if word == "test"]
    animal = sides_of(division, columns["animal"])
    assert sum("train" not in sides for sides in animal.values()) == 2
    assert "taken out of train, 2 to tune:" in division.rows.reason


def test_two_spellings_for_the_machine_are_one_individual(folder: Path, columns: Columns) -> None:
    """A decomposed letter and blanks around it: who is held out is held out with both."""
    names = [f" Zoe\u0308 {name}" if row % 2 else f"Zo\u00eb {name} " for row, name in enumerate(columns["animal"])]
    division = divided(folder, columns | {"animal": names})
    animal = sides_of(division, columns["animal"])
    assert sum(sides == {"test"} for sides in animal.values()) == 2


def test_bursts_and_parts_of_names_are_in_one_piece(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    names = [f"IMG_20240501_10{burst:02d}{shot * 4:02d}.png" for burst in range(30) for shot in range(3)]
    for name in names:
        Image.fromarray(generator.integers(0, 255, (16, 16, 3), dtype=np.uint8)).save(tmp_path / name)
    table = Table.of({"photo": names, "kind": [("moss", "fern")[row // 3 % 2] for row in range(90)]}, folder=tmp_path)
    schema = declare(table, Wishes(("kind",)))
    division = divide(table, schema, Silent())
    assert schema.split.group_seconds == 10
    assert "Kept on one side: photos of 'photo' taken within 10 seconds. The group was found" in division.rows.reason
    assert all(len(sides) == 1 for sides in sides_of(division, [name[:17] for name in names]).values())
    by_hand = divide(table, declare(table, Wishes(("kind",), group="photo", group_part="_(10.)")), Silent())
    assert set(map(len, sides_of(by_hand, [name[13:16] for name in names]).values())) == {1}
    assert "found, not told" not in by_hand.rows.reason
