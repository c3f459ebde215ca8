"""Category columns: ids in a stable order, one spelling a level, UNKNOWN apart from MISSING."""

from __future__ import annotations

import json

import polars as pl
import pytest
import torch

from columns import column
from injerto.errors import TableError
from injerto.features.category import CategoryFeature
from injerto.features.vocabulary import MISSING, UNKNOWN
from injerto.schema.schema import Input

KEEP_ALL = Input(kind="category", min_count=1)


def test_levels_by_count_then_text_and_rare_ones_left_out() -> None:
    cells = column(["b", "a", "b", "a", "c", "c", "c", "rare", None])
    feature = CategoryFeature("site", Input(kind="category", min_count=2)).fit(cells)
    assert feature.row_names[2:] == ["c", "a", "b"]
    assert feature.counts_ == [1, 1, 3, 2, 2]
    assert feature.rows == 5
    assert feature.encode(cells).tolist() == [4, 3, 4, 3, 2, 2, 2, UNKNOWN, MISSING]


def test_order_of_rows_does_not_change_ids() -> None:
    words = ["x", "y", "z", "y", "w", "w"]
    assert (
        CategoryFeature("site", KEEP_ALL).fit(column(words)).state()
        == CategoryFeature("site", KEEP_ALL).fit(column(words[::-1])).state()
    )


def test_codes_with_leading_zeros_stay_apart() -> None:
    feature = CategoryFeature("zip", KEEP_ALL).fit(column(["007", "7"]))
    first, second = feature.encode(column(["007", "7"])).tolist()
    assert first != second


def test_one_level_however_it_is_spelled() -> None:
    feature = CategoryFeature("site", KEEP_ALL).fit(column(["\u00e9"]))
    assert feature.encode(column(["e\u0301", " \u00e9 "])).tolist() == [2, 2]
    numbers = CategoryFeature("code", KEEP_ALL).fit(column([3, 4]))
    assert torch.equal(numbers.encode(column([3.0, 4.0, None])), numbers.encode(column(["3", "4", ""])))
    assert CategoryFeature("flag", KEEP_ALL).fit(column([True, False])).encode(column(["true", "false"])).min() >= 2
    kinds = pl.Series(["p", "q"]).cast(pl.Categorical)
    assert CategoryFeature("kind", KEEP_ALL).fit(column(["p", "q"])).encode(column(kinds)).tolist() == [2, 3]


def test_another_spelling_is_looked_up_only_when_the_exact_one_is_not_there() -> None:
    flag = CategoryFeature("flag", KEEP_ALL).fit(column([True, True, False]))
    assert flag.encode(column(["True", "TRUE", "False", "no", None])).tolist() == [2, 2, 3, UNKNOWN, MISSING]
    words = CategoryFeature("flag", KEEP_ALL).fit(column(["True", "True", "False"]))
    assert words.encode(column([True, False])).tolist() == [2, 3]
    code = CategoryFeature("code", KEEP_ALL).fit(column([1, 1, 2]))
    assert code.encode(column(["1.0", "2.00", "1.5", "01"])).tolist() == [2, 3, UNKNOWN, UNKNOWN]
    both = CategoryFeature("code", KEEP_ALL).fit(column(["1", "1", "1.0", "007"]))
    assert both.encode(column(["1.0", "1", "1.00", "7", "007", "007.0"])).tolist() == [4, 2, 2, UNKNOWN, 3, 3]
    assert flag.unseen(column(["True", "False"])) == 0


def test_unseen_share_counts_filled_cells_only() -> None:
    feature = CategoryFeature("site", KEEP_ALL).fit(column(["a", "b"]))
    assert feature.unseen(column(["a", "new", None])) == 0.5
    assert feature.unseen(column([None], dtype=pl.String)) == 0


def test_column_without_levels_still_encodes() -> None:
    feature = CategoryFeature("site", KEEP_ALL).fit(column([None, None], dtype=pl.Null))
    assert feature.encode(column(["a", None])).tolist() == [UNKNOWN, MISSING]


def test_lists_are_refused() -> None:
    with pytest.raises(TableError, match="Column 'label' is a category in this model, but the table holds List"):
        CategoryFeature("site", KEEP_ALL).fit(column([[1], [2]]))


def test_restored_feature_encodes_the_same() -> None:
    feature = CategoryFeature("site", KEEP_ALL).fit(column(["a", "b", "b"]))
    again = CategoryFeature("site", KEEP_ALL).restore(json.loads(json.dumps(feature.state())))
    cells = column(["b", "a", "c", None])
    assert torch.equal(feature.encode(cells), again.encode(cells))
