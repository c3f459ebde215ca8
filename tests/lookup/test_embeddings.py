"""Distances, neighbours and the table of a lookup, on rows small enough to count by hand."""

from __future__ import annotations

from io import StringIO

import numpy as np
import polars as pl
import pytest

from injerto.embedders.lookup import TRUST_ROWS
from injerto.errors import LevelError
from injerto.features.category import CategoryFeature
from injerto.lookup.embeddings import Embeddings
from injerto.lookup.one_line import one_line
from injerto.schema.schema import Input

# UNKNOWN at (1, 1) and everything else around it, so that a distance from zero would show.
ROWS = [[1, 1], [1, 2], [4, 5], [4, 1], [1, 5]]
COUNTS = [2, 8, 150, 50, 0]


def lookup(levels: list[str], counts: list[int] | None = None, rows: object = None) -> Embeddings:
    counts = [0, 0, *[1] * len(levels)] if counts is None else counts
    feature = CategoryFeature("site", Input(kind="category", min_count=2)).restore(
        {"levels": levels, "counts": counts, "width": 2, "places": 1}
    )
    matrix = np.zeros((len(levels) + 2, 2)) if rows is None else np.array(rows)
    trust = np.array(counts) / (np.array(counts) + TRUST_ROWS)
    return Embeddings(feature, matrix.astype(np.float32), trust)


@pytest.fixture
def found() -> Embeddings:
    return lookup(["pond", "wood", "moor"], COUNTS, ROWS)


def test_nearest_levels_by_hand(found: Embeddings) -> None:
    near = found.nearest("pond")
    assert [(one.level, one.distance, one.count) for one in near.nearest] == [("moor", 3, 0), ("wood", 4, 50)]
    assert (near.level, near.count, near.distance_to_unknown) == ("pond", 150, 5)
    assert near.leans_on_unknown == 50 / 200
    assert [one.leans_on_unknown for one in near.nearest] == [1, 0.5]
    assert [one.level for one in found.nearest("pond", top=1).nearest] == ["moor"]


def test_an_empty_cell_has_neighbours_too(found: Embeddings) -> None:
    near = found.nearest(None)
    assert near.level is None
    assert near.count == 8
    assert [(one.level, one.distance) for one in near.nearest] == [
        ("moor", 3),
        ("wood", pytest.approx(10**0.5)),
        ("pond", pytest.approx(18**0.5)),
    ]
    assert found.nearest("") == near


def test_farthest_from_unknown_by_hand(found: Embeddings) -> None:
    assert [(one.level, one.distance) for one in found.farthest()] == [("pond", 5), ("moor", 4), ("wood", 3)]


def test_equal_distances_keep_the_order_of_levels() -> None:
    assert [one.level for one in lookup(["a", "b", "c"]).nearest("b").nearest] == ["a", "c"]


def test_distances_of_many_rows_are_those_of_a_few() -> None:
    rows = np.random.default_rng(0).normal(size=(70_002, 2))
    many = lookup([f"{k}" for k in range(70_000)], rows=rows)
    expected = np.hypot(*(rows.astype(np.float32) - rows[5].astype(np.float32)).T)
    near = many.nearest("3", top=5)
    assert [one.level for one in near.nearest] == [f"{k - 2}" for k in np.argsort(expected) if k > 1 and k != 5][:5]


@pytest.mark.parametrize("value", [7, 7.0, "7", " 7 ", "7.0"])
def test_a_value_is_spelled_as_loosely_as_in_a_table(value: object) -> None:
    assert lookup(["007", "7"]).nearest(value).level == "7"
    assert lookup(["007", "7"]).nearest("007").level == "007"
    assert lookup(["true", "false"]).nearest("TRUE").level == "true"
    assert lookup(["true", "false"]).nearest(False).level == "false"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("pnd", r"'pnd' is not among the 3 levels of 'site'.* fewer than 2 did.*UNKNOWN\. Did you mean 'pond'\?"),
        ("POND", r"Did you mean 'pond'\?"),
        ("zebra", r"it is answered as UNKNOWN\.$"),
        ("UNKNOWN", r"'UNKNOWN' is not among"),
        ("x" * 10_000, r"^'x{59}…' is not among"),
        ("two\nlines", r"^'two\\nlines' is not among"),
    ],
)
def test_a_value_without_a_row_is_an_error_with_the_nearest_spelling(found: Embeddings, value: str, said: str) -> None:
    with pytest.raises(LevelError, match=said):
        found.nearest(value)


def test_a_level_may_be_called_unknown() -> None:
    found = lookup(["UNKNOWN", "MISSING"], [3, 4, 5, 6], [[0, 0], [1, 0], [2, 0], [5, 0]])
    assert found.nearest("UNKNOWN").count == 5
    assert found.nearest("UNKNOWN").distance_to_unknown == 2
    assert found.frame().rows() == [
        ("UNKNOWN", None, 3, 0.0, 0.0),
        ("MISSING", None, 4, 1.0, 0.0),
        ("level", "UNKNOWN", 5, 2.0, 0.0),
        ("level", "MISSING", 6, 5.0, 0.0),
    ]


def test_levels_of_any_spelling_come_back_from_csv() -> None:
    levels = ["two\nlines", "a,b", 'say "hi"', "owl 🦉", "x" * 10_000, "<script>", "tab\there", "'", "cr\rhere"]
    text = lookup(levels).frame().write_csv()
    assert pl.read_csv(StringIO(text))["level"].to_list() == [None, None, *levels]


def test_the_column_in_short(found: Embeddings) -> None:
    told = found.to_json(top=1)
    assert told["rows"] == 210
    assert told["unknown"] == {"count": 2, "share": 2 / 210}
    assert told["missing"] == {"count": 8, "share": 8 / 210}
    assert (told["column"], told["levels"], told["width"], told["distance"]) == ("site", 3, 2, "euclidean")
    assert told["farthest"] == [{"level": "pond", "count": 150, "distance": 5.0, "leans_on_unknown": 0.25}]


def test_a_vocabulary_without_levels_has_two_rows() -> None:
    empty = lookup([])
    assert empty.farthest() == empty.nearest(None).nearest == ()
    assert len(empty.frame()) == 2
    assert empty.to_json()["unknown"]["share"] == 0
    assert empty.plane().shares == (0, 0)


def test_a_level_on_one_line_cannot_move_the_cursor() -> None:
    assert one_line("\x1b[2Jgone\u2028") == r"\x1b[2Jgone\u2028"
    assert one_line("é🦉") == "é🦉"
