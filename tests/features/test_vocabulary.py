"""Vocabularies: a list in a stable order, or a hash into few rows."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from injerto.features.vocabulary import FIRST, MISSING, UNKNOWN, HashedVocabulary, ListedVocabulary


def texts(cells: list[str | None]) -> pl.Series:
    return pl.Series(cells, dtype=pl.String)


def test_a_hash_is_the_same_everywhere() -> None:
    # blake2b of 8 bytes, little end first, modulo 1,000; worked out with Python's hashlib alone.
    made = HashedVocabulary(1000).fit(texts(["owl", "jay"]), min_count=1)
    assert made.ids(texts(["owl", "jay", None])).tolist() == [FIRST + 642, FIRST + 229, MISSING]


def test_rows_that_training_left_empty_are_unknown() -> None:
    made = HashedVocabulary(50).fit(texts(["owl", "owl", "jay", None]), min_count=2)
    owl, jay, empty = made.ids(texts(["owl", "jay", None])).tolist()
    assert owl >= FIRST
    assert (jay, empty) == (UNKNOWN, MISSING)  # jay was seen once, which is too seldom
    assert made.counts_[:2] == [1, 1]
    assert sum(made.counts_) == 4
    assert made.rows == len(made.row_names) == 52


def test_a_hash_sees_one_level_in_all_spellings() -> None:
    made = HashedVocabulary(1000).fit(texts(["3", "true", "007", "7"]), min_count=1)
    three, truth, agent, seven = made.ids(texts(["3.0", "True", "007.0", "7"])).tolist()
    assert [three, truth] == made.ids(texts(["3", "true"])).tolist()
    assert agent != seven


@pytest.mark.parametrize("made", [ListedVocabulary(), HashedVocabulary(7)], ids=["listed", "hashed"])
def test_restored_from_json(made: ListedVocabulary | HashedVocabulary) -> None:
    cells = texts(["a", "b", "b", None, "🦉\nnew line", "x" * 10_000])
    made.fit(cells, min_count=1)
    again = ListedVocabulary() if isinstance(made, ListedVocabulary) else HashedVocabulary(7)
    again.restore(json.loads(json.dumps(made.state())))
    np.testing.assert_array_equal(again.ids(cells), made.ids(cells))
    assert again.row_names == made.row_names


@pytest.mark.parametrize(
    "state",
    [
        {"levels": ["a", "b"], "counts": [0, 0, 3]},
        {"levels": ["a", "a"], "counts": [0, 0, 3, 3]},
        {"levels": ["a"], "counts": [0, 3]},
    ],
    ids=["a count short", "a level twice", "no count of MISSING"],
)
def test_a_list_mended_by_hand_must_fit_its_counts(state: dict[str, list[object]]) -> None:
    with pytest.raises(ValueError, match=r"a vocabulary lists \d levels, \d of them different, and \d counts"):
        ListedVocabulary().restore(state)


def test_a_hash_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="a hashed vocabulary of 5 rows has 3 counts instead of 7"):
        HashedVocabulary(5).restore({"counts": [0, 0, 1]})
