from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from injerto.schema.facts import facts_of
from injerto.schema.guess_target import guess_target
from injerto.table.table import Table

GUESSES: list[tuple[str, list[Any], str, str]] = [
    ("words", ["ant", "bee"], "class", "text with 2 different values"),
    ("truth", [True, False], "class", "true or false"),
    ("coded classes", [0, 1, 2] * 10, "class", "only 3 different values"),
    ("coded classes as floats", [0.0, 1.0, None, 2.0] * 10, "class", "only 3 different values"),
    ("two codes", [0, 1], "class", "only 2"),
    ("amounts", list(range(100)), "number", "whole numbers with 100"),
    ("few rows of amounts", [3, 8, 12, 7], "number", "whole numbers with 4"),
    ("decimals, few values", [0.0, 0.33, 0.67, 1.0] * 20, "number", "numbers with 4"),
    ("several labels", ["fox", "fox;owl", "owl; bat", "bat"] * 3, "classes", "between 3 labels"),
    ("a stray separator", ["fox"] * 30 + ["owl;bat"], "class", "text"),
    ("empty", [None, None], "class", "every cell is empty"),
    ("days", [date(2024, 1, 1)], "class", "cannot be predicted"),
]


@pytest.mark.parametrize(("cells", "kind", "reason"), [case[1:] for case in GUESSES], ids=[case[0] for case in GUESSES])
def test_guess(cells: list[Any], kind: str | None, reason: str) -> None:
    table = Table.of(pl.DataFrame({"target": cells}))
    found = guess_target(table.column("target"), facts_of(table)["target"])
    assert found.kind == kind, found.reason
    assert reason in found.reason
