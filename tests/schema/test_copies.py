from __future__ import annotations

import numpy as np

from injerto.schema.copies import copies, says_the_same
from injerto.schema.facts import facts_of
from injerto.table.table import Table

RANDOM = np.random.default_rng(0)


def same(one: object, other: object) -> str:
    table = Table.of({"one": one, "other": other})
    facts = facts_of(table)
    return says_the_same(table, facts["one"], facts["other"])


def test_equal_cells_are_found_whatever_their_type() -> None:
    table = Table.of({"a": [1, 2, None], "b": [1.0, 2.0, None], "c": ["1", "2", None], "d": [" 1", "2", ""], "e": [1, 3, None]})
    assert copies(table, table.columns, facts_of(table)) == {"b": "a", "d": "c"}


def test_columns_with_the_same_counts_need_not_be_equal() -> None:
    table = Table.of({"a": [1, 2, 5, 9], "b": [1, 5, 2, 9]})
    assert copies(table, table.columns, facts_of(table)) == {}


def test_levels_under_other_names() -> None:
    codes = RANDOM.integers(4, size=60)
    names = np.array(["oak", "ash", "elm", "fir"])[codes]
    assert same(names.tolist(), codes.tolist()) == "is the same under other names"
    names[7] = "oak" if names[7] != "oak" else "ash"
    assert same(names.tolist(), codes.tolist()) == ""


def test_a_finer_column_is_not_the_same() -> None:
    codes = RANDOM.integers(6, size=60)
    assert same(codes.tolist(), (codes // 2).tolist()) == ""


def test_values_that_never_repeat_are_not_the_same() -> None:
    assert same([f"a{n}" for n in range(30)], [f"b{n}" for n in range(30)]) == ""


def test_few_rows_agree_by_chance() -> None:
    assert same(["a", "b"] * 5, ["x", "y"] * 5) == ""


def test_other_units() -> None:
    grams = RANDOM.random(50)
    assert same(grams.tolist(), (grams / 1000).tolist()) == "is a multiple of it, as in other units"
    assert same(grams.tolist(), (grams + RANDOM.normal(size=50) * 0.01).tolist()) == ""
