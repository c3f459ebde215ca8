from __future__ import annotations

import math
from datetime import date

import polars as pl
import pytest

from injerto.schema.facts import facts_of
from injerto.table.table import Table


def facts(**columns: list[object]):  # type: ignore[no-untyped-def]
    return facts_of(Table.of(columns))


def test_blank_text_is_missing_and_outer_spaces_do_not_count() -> None:
    fact = facts(site=["north", " north", "", "  ", None])["site"]
    assert (fact.known, fact.distinct, fact.missing_share) == (2, 1, pytest.approx(0.6))
    assert fact.characters == 5


def test_numbers_know_their_range_infinities_and_whether_they_are_whole() -> None:
    found = facts(mass=[1.5, math.nan, math.inf, 3.0], count=[1.0, 2.0, None, 2.0], year=[1, 2, 3, 4])
    assert (found["mass"].missing, found["mass"].infinite, found["mass"].whole) == (1, 1, False)
    assert (found["mass"].low, found["mass"].high) == (1.5, 3.0)
    assert found["count"].whole and found["count"].distinct == 2
    assert found["year"].whole and found["year"].example == "1"


def test_families() -> None:
    frame = pl.DataFrame(
        {
            "seen": [True],
            "day": [date(2024, 5, 31)],
            "photo": [b"\xff\xd8"],
            "struct": [{"bytes": b"x", "path": None}],
            "list": [[1, 2]],
            "text": ["a"],
            "number": [1],
        }
    )
    families = {name: fact.family for name, fact in facts_of(Table.of(frame)).items()}
    assert list(families.values()) == ["truth", "date", "media", "media", "other", "text", "number"]


def test_a_struct_without_content_is_missing() -> None:
    frame = pl.DataFrame({"photo": [{"bytes": None, "path": None}, {"bytes": None, "path": "a.jpg"}]})
    assert facts_of(Table.of(frame))["photo"].missing == 1


def test_long_examples_are_cut() -> None:
    assert facts(note=["word " * 30])["note"].example == "word word word word word word word wo..."


def test_column_names_may_be_anything() -> None:
    assert set(facts(**{"1 missing": [1], "a b": [2], "1": [3]})) == {"1 missing", "a b", "1"}
