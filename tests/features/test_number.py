"""Number columns: spread worked by hand, precision, one meaning of missing, clear refusals."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
import torch

from columns import column
from injerto.errors import TableError
from injerto.features import number
from injerto.features.number import NumberFeature
from injerto.schema.schema import Input

NUMBER = Input(kind="number")


def test_centre_is_the_median_and_scale_the_quartiles_of_a_normal() -> None:
    feature = NumberFeature("mass", NUMBER).fit(column([1, 2, 3, 4, 5, None]))
    assert feature.centre_ == 3
    assert feature.scale_ == pytest.approx((4 - 2) / 1.349)
    assert feature.encode(column([3, 4])).tolist() == pytest.approx([0, 1.349 / 2])


def test_one_wild_cell_moves_neither_centre_nor_scale() -> None:
    usual = [float(value) for value in range(1000)]
    calm = NumberFeature("mass", NUMBER).fit(column(usual))
    wild = NumberFeature("mass", NUMBER).fit(column([*usual[:-1], 1e12]))
    assert wild.centre_ == calm.centre_
    assert wild.scale_ == pytest.approx(calm.scale_, rel=0.01)


@pytest.mark.parametrize("values", [[7.0, 7.0, 7.0], [0.0, 0.0], [None, None], [1e300, 1e300], [-1e308, 1e308], [5.0]])
def test_constant_empty_and_huge_columns_encode_to_finite_numbers(values: list[float | None]) -> None:
    feature = NumberFeature("mass", NUMBER).fit(column(values, dtype=pl.Float64))
    encoded = feature.encode(column(values, dtype=pl.Float64))
    assert feature.scale_ > 0
    assert encoded.isnan().tolist() == [value is None for value in values]


def test_mostly_constant_column_is_scaled_by_its_deviation() -> None:
    feature = NumberFeature("rain", NUMBER).fit(column([0.0] * 999 + [1.0]))
    assert feature.scale_ == pytest.approx(np.std([0.0] * 999 + [1.0]))


def test_one_wild_cell_among_few_does_not_set_the_measure() -> None:
    """-9999 for missing, once in 80 rows: what lies between 0 and 1 keeps its spread."""
    cells = [*np.linspace(0, 1, 79).tolist(), -9999.0]
    assert 0.3 < NumberFeature("mass", NUMBER).fit(column(cells)).scale_ < 0.5


def test_missing_nan_and_infinity_are_one_thing() -> None:
    feature = NumberFeature("mass", NUMBER).fit(column([1.0, 2.0, float("inf"), float("nan"), None]))
    assert feature.encode(column([None, float("nan"), float("inf"), float("-inf")])).isnan().all()
    assert (feature.low_, feature.high_) == (1, 2)


def test_seconds_of_a_time_stamp_survive_float32() -> None:
    stamps = [1_700_000_000.0 + second for second in range(60)]
    encoded = NumberFeature("stamp", NUMBER).fit(column(stamps)).encode(column(stamps))
    assert len(torch.unique(encoded)) == 60


def test_numbers_as_text_are_read_and_words_are_refused_with_their_row() -> None:
    feature = NumberFeature("mass", NUMBER).fit(column([1, 2]))
    assert feature.encode(column(["1", " 2 ", ""])).isnan().tolist() == [False, False, True]
    with pytest.raises(TableError, match="Column 'label' is a number, but 1 of its cells are not: row 1 holds 'heavy'"):
        feature.encode(column(["1", "heavy"]))


def test_lists_are_refused() -> None:
    with pytest.raises(TableError, match=r"the table holds List\(Int64\) there"):
        NumberFeature("mass", NUMBER).fit(column([[1], [2]]))


def test_unseen_is_the_share_outside_the_training_range() -> None:
    feature = NumberFeature("mass", NUMBER).fit(column([1, 5]))
    assert feature.unseen(column([0, 1, 3, 9, None])) == 0.5
    assert feature.unseen(column([None], dtype=pl.Int64)) == 0


def test_numbers_that_come_again_are_remembered_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [9.0] * 6 + [0.0] * 8 + [-1.5] * 5 + [3.0] * 4 + [float("nan"), None, float("inf")]
    feature = NumberFeature("gain", NUMBER).fit(column(cells))
    assert feature.repeats_ == [-1.5, 0.0, 9.0]
    assert feature.counts_ == [5, 8, 6]
    assert torch.equal(feature.encoded_repeats, feature.encode(column([-1.5, 0.0, 9.0])))
    monkeypatch.setattr(number, "MOST_REPEATS", 2)
    assert NumberFeature("gain", NUMBER).fit(column(cells)).repeats_ == [0.0, 9.0]
    assert NumberFeature("gain", NUMBER).fit(column([1.0, 2.0])).repeats_ == []


def test_restored_feature_encodes_the_same_bits() -> None:
    feature = NumberFeature("mass", NUMBER).fit(column([1.1, 2.7, 3.9, None, *[0.1] * 5]))
    assert feature.repeats_ == [0.1]
    again = NumberFeature("mass", NUMBER).restore(json.loads(json.dumps(feature.state())))
    cells = column([0.3, 1.1, None, 8.0])
    assert torch.equal(feature.encode(cells).nan_to_num(9), again.encode(cells).nan_to_num(9))
