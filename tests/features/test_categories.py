"""Bags: several levels a cell, in any order, each once."""

from __future__ import annotations

import json

import polars as pl
import torch

from columns import column
from injerto.features.categories import CategoriesFeature
from injerto.features.levels import PADDING
from injerto.features.vocabulary import MISSING, UNKNOWN
from injerto.schema.schema import Input

KEEP_ALL = Input(kind="categories", min_count=1)
CELLS = ["fox;owl", "owl", "owl; jay ;fox;", None, "  ; "]


def test_ids_of_a_cell_by_hand() -> None:
    feature = CategoriesFeature("seen", KEEP_ALL).fit(column(CELLS))
    assert feature.row_names == ["UNKNOWN", "MISSING", "owl", "fox", "jay"]
    assert feature.counts_ == [0, 2, 3, 2, 1]
    pad = PADDING
    assert feature.encode(column(CELLS)).tolist() == [[2, 3, pad], [2, pad, pad], [2, 3, 4], [1, pad, pad], [MISSING, pad, pad]]


def test_order_and_repetition_say_nothing() -> None:
    feature = CategoriesFeature("seen", KEEP_ALL).fit(column(CELLS))
    assert torch.equal(feature.encode(column(["fox;owl"])), feature.encode(column(["owl;fox; owl"])))


def test_a_level_never_seen_is_unknown_beside_the_others_and_counts_once() -> None:
    feature = CategoriesFeature("seen", KEEP_ALL).fit(column(CELLS))
    assert feature.encode(column(["elk;owl;gnu", "elk"])).tolist() == [[2, UNKNOWN, PADDING], [UNKNOWN, PADDING, PADDING]]
    assert feature.unseen(column(["elk;owl", "owl", None, "fox;owl"])) == 1 / 5


def test_a_fuller_cell_than_any_in_training_loses_its_rarest() -> None:
    feature = CategoriesFeature("seen", KEEP_ALL).fit(column(["a;b", "a;b", "a;c"]))
    assert feature.encode(column(["x;c;b;a"])).tolist() == [[2, 3]]


def test_another_separator_and_lists() -> None:
    words = CategoriesFeature("genre", Input(kind="categories", min_count=1, separator="|")).fit(column(["a|b", "b"]))
    lists = CategoriesFeature("genre", KEEP_ALL).fit(column([["a", "b"], ["b"]]))
    assert words.row_names == lists.row_names == ["UNKNOWN", "MISSING", "b", "a"]
    assert lists.encode(column([["b", "a"], [], None])).tolist() == [[2, 3], [MISSING, PADDING], [MISSING, PADDING]]


def test_levels_with_new_lines_and_emoji() -> None:
    feature = CategoriesFeature("seen", KEEP_ALL).fit(column(["🦉;a\nb", "🦉"]))
    assert feature.row_names[2:] == ["🦉", "a\nb"]


def test_restored_feature_encodes_the_same() -> None:
    feature = CategoriesFeature("seen", KEEP_ALL).fit(column(CELLS))
    again = CategoriesFeature("seen", KEEP_ALL).restore(json.loads(json.dumps(feature.state())))
    assert torch.equal(again.encode(column(CELLS)), feature.encode(column(CELLS)))


def test_a_column_without_any_level() -> None:
    feature = CategoriesFeature("seen", KEEP_ALL).fit(column([None, None], dtype=pl.Null))
    assert feature.encode(column(["a;b", None])).tolist() == [[UNKNOWN], [MISSING]]
