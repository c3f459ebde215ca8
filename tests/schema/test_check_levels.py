"""Options of category columns that contradict each other, or stand where nothing reads them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from injerto.schema.check import check
from injerto.schema.schema import Schema
from injerto.table.table import Table

GAMES = Table.of(
    pl.DataFrame(
        {
            "home": ["Leon", "Lugo", "Leon", "Vigo"] * 5,
            "away": ["Lugo", "Vigo", "Vigo", "Leon"] * 5,
            "tags": ["wet;cold", "wet", "dry;cold", "dry"] * 5,
            "crowd": [900.0, 1200.0, 300.0, 800.5] * 5,
            "goals": [1, 2, 3, 4] * 5,
        }
    )
)


def messages(**inputs: dict[str, Any]) -> list[tuple[str, str]]:
    schema = Schema.from_data({"targets": {"goals": {"kind": "number"}}, "inputs": inputs})
    return [(problem.severity, problem.message) for problem in check(schema, GAMES).problems]


CASES: list[tuple[dict[str, dict[str, Any]], str, str]] = [
    (
        {"home": {"kind": "category", "vocabulary": "team"}, "away": {"kind": "category", "vocabulary": "team", "width": 3}},
        "error",
        "Inputs 'home' and 'away' share the vocabulary 'team', but differ in width. Give both the same.",
    ),
    (
        {"home": {"kind": "category", "vocabulary": "team"}, "away": {"kind": "category", "vocabulary": "taem"}},
        "warning",
        "Only input 'away' names the vocabulary 'taem'. Did you mean 'team'?",
    ),
    (
        {"crowd": {"kind": "number", "width": 4}},
        "error",
        "Input 'crowd' has the option 'width', which a number does not read; category and categories do. "
        "Take it out, or change the kind.",
    ),
    (
        {"home": {"kind": "category", "separator": "|"}},
        "error",
        "Input 'home' has the option 'separator', which a category does not read; categories do. "
        "Take it out, or change the kind.",
    ),
    (
        {"home": {"kind": "category", "plant_multiplier": 0.5}},
        "error",
        "Input 'home' has a plant_multiplier, but nothing is planted. Give plant, too.",
    ),
    (
        {"tags": {"kind": "categories", "separator": "|"}},
        "warning",
        "Input 'tags' is taken as categories, but no cell holds its separator '|'. "
        "Give the right one in the schema, or take it as a category.",
    ),
]


@pytest.mark.parametrize(("inputs", "severity", "message"), CASES)
def test_a_problem_each(inputs: dict[str, dict[str, Any]], severity: str, message: str) -> None:
    assert (severity, message) in messages(**inputs)


def test_nothing_to_say() -> None:
    team = {"kind": "category", "vocabulary": "team", "hash_rows": 5}
    said = messages(home=team, away=team, tags={"kind": "categories"}, crowd={"kind": "number"})
    assert not [message for _, message in said if "vocabulary" in message or "option" in message or "separator" in message]
