from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from injerto.schema.facts import facts_of
from injerto.schema.leaks import leaks, one_answer_each
from injerto.table.table import Table

ROWS = 2000
RANDOM = np.random.default_rng(3)
DELAY = RANDOM.normal(0, 30, ROWS).round()
LATE = DELAY > 15
PLACE = RANDOM.integers(50, size=ROWS)
SMALL = RANDOM.normal(size=ROWS)


def found(column: Any, target: Any, kind: Any = "class") -> dict[str, str]:
    table = Table.of({"column": np.asarray(column).tolist(), "target": np.asarray(target).tolist()})
    return leaks(table, ["column"], "target", kind, facts_of(table))


@pytest.mark.parametrize(
    ("column", "target", "kind"),
    [
        (DELAY, LATE, "class"),
        (np.abs(DELAY), np.abs(DELAY) > 40, "class"),
        ([f"place {p}" for p in PLACE], PLACE % 3, "class"),
        (PLACE, PLACE % 3, "class"),
        (np.exp(SMALL), SMALL, "number"),
        ([f"place {p}" for p in PLACE], np.sqrt(PLACE), "number"),
        (SMALL * 1000, SMALL, "number"),
        (LATE, np.where(LATE, "late", "on time"), "class"),
    ],
    ids=["threshold", "threshold of a size", "levels", "codes", "a function", "levels of a number", "units", "renamed"],
)
def test_a_column_that_tells_the_answer(column: Any, target: Any, kind: str) -> None:
    assert list(found(column, target, kind)) == ["column"]


@pytest.mark.parametrize(
    ("column", "target", "kind"),
    [
        (DELAY + RANDOM.normal(0, 10, ROWS), LATE, "class"),
        (RANDOM.normal(size=ROWS), LATE, "class"),
        ([f"row {n}" for n in range(ROWS)], LATE, "class"),
        (SMALL + RANDOM.normal(0, 0.1, ROWS), SMALL, "number"),
        (PLACE, np.where(RANDOM.random(ROWS) < 0.97, PLACE % 3, 0), "class"),
        (RANDOM.normal(size=ROWS), np.arange(ROWS) < 8, "class"),
        (DELAY[:30], LATE[:30], "class"),
    ],
    ids=["strong", "noise", "names of rows", "nearly the number", "3 percent wrong", "rare class", "few rows"],
)
def test_innocent_columns(column: Any, target: Any, kind: str) -> None:
    assert found(column, target, kind) == {}


def test_always_guessing_the_commonest_class_is_no_leak() -> None:
    assert found(RANDOM.normal(size=ROWS), RANDOM.random(ROWS) < 0.01) == {}


def test_a_few_rare_rows_prove_nothing() -> None:
    for rare, expected in [(8, []), (80, ["column"])]:
        column = np.where(np.arange(ROWS) < rare, "odd", np.where(np.arange(ROWS) % 2, "north", "south"))
        assert list(found(column, np.arange(ROWS) < rare)) == expected


def test_words_say_how_well_it_tells() -> None:
    assert "of 1,000 rows held out" in found(DELAY, LATE)["column"]
    assert "correlation" in found(np.exp(SMALL), SMALL, "number")["column"]


def test_missing_labels_and_infinities_are_passed_over() -> None:
    target = [None if n % 7 == 0 else float(v) for n, v in enumerate(SMALL)]
    target[1] = float("inf")
    assert list(found(np.exp(SMALL), target, "number")) == ["column"]


def recordings(pure: bool) -> Table:
    source = np.repeat(np.arange(100), 3)
    sound = np.random.default_rng(0).integers(4, size=100)[source]
    if not pure:
        sound[0] = (sound[0] + 1) % 4
    return Table.of({"source": source.tolist(), "sound": sound.tolist(), "mass": np.random.default_rng(1).random(300).tolist()})


def test_rows_of_one_recording_have_one_answer() -> None:
    for pure, expected in [(True, ["source"]), (False, [])]:
        table = recordings(pure)
        assert one_answer_each(table, ["source", "mass"], "sound", facts_of(table)) == expected
