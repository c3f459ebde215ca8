"""Date columns: cycles worked by hand, no trend beyond the range, no cycle that training has not spanned."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest
import torch

from columns import column
from injerto.errors import TableError
from injerto.features.date import PARTS, DateFeature
from injerto.schema.schema import Input

DATE = Input(kind="date")
START = dt.date(2021, 1, 4)  # a Monday


def days(count: int) -> list[dt.date]:
    return [START + dt.timedelta(days=day) for day in range(count)]


def test_cycles_are_used_once_training_has_spanned_them() -> None:
    assert DateFeature("day", DATE).fit(column(days(5))).cycles_ == []
    assert DateFeature("day", DATE).fit(column(days(20))).cycles_ == ["week"]
    assert DateFeature("day", DATE).fit(column(days(300))).cycles_ == ["week"]
    assert DateFeature("day", DATE).fit(column(days(400))).cycles_ == ["year", "month", "week"]
    moments = [dt.datetime(2021, 1, 4, hour) + dt.timedelta(days=day) for day in range(3) for hour in range(24)]
    assert DateFeature("when", DATE).fit(column(moments)).cycles_ == ["day"]


def test_week_by_hand() -> None:
    feature = DateFeature("day", DATE).fit(column(days(20)))
    parts = feature.encode(column([START, START + dt.timedelta(days=1), START + dt.timedelta(days=7)]))
    week = parts[:, 1 + 6 + 2 :]  # after the trend, three harmonics of the year and one of the month
    assert parts.shape == (3, PARTS)
    assert week[0, :2].tolist() == pytest.approx([0, 1], abs=1e-6)
    assert week[1, :2].tolist() == pytest.approx([np.sin(2 * np.pi / 7), np.cos(2 * np.pi / 7)], abs=1e-6)
    assert torch.allclose(week[0], week[2], atol=1e-5)
    assert (parts[:, 1:9] == 0).all()


def test_trend_runs_from_minus_one_to_one_and_is_unknown_outside() -> None:
    feature = DateFeature("day", DATE).fit(column(days(11)))
    cells = column(
        [START, START + dt.timedelta(days=5), START + dt.timedelta(days=10), dt.date(2030, 1, 1), dt.date(1999, 1, 1)]
    )
    parts = feature.encode(cells)
    assert parts[:3, 0].tolist() == [-1, 0, 1]
    assert parts[3:, 0].isnan().all()
    assert not parts[3:, 1:].isnan().any()
    assert feature.unseen(cells) == 0.4


def test_missing_date_is_a_row_of_nan() -> None:
    feature = DateFeature("day", DATE).fit(column(days(20)))
    assert feature.encode(column([None], dtype=pl.Date)).isnan().all()
    assert not DateFeature("day", DATE).fit(column([None, None], dtype=pl.Null)).cycles_


def test_text_is_read_as_dates_and_anything_else_refused_with_its_row() -> None:
    feature = DateFeature("day", DATE).fit(column(days(20)))
    spelled = feature.encode(column(["2021-01-04", "2021-01-04T00:00:00", " 2021-01-04 00:00 ", "2021-01-04T00:00:00Z"]))
    assert (spelled == feature.encode(column([START]))).all()
    with pytest.raises(TableError, match=r"Column 'label' is a date, but 1 of its cells are not: row 1 holds 'soon'"):
        feature.encode(column(["2021-01-04", "soon"]))
    with pytest.raises(TableError, match=r"the table holds Int64 there\. Write dates as 2024-05-31"):
        feature.encode(column([20210104]))


def test_the_hour_on_the_wall_counts_whatever_the_time_zone() -> None:
    wall = [dt.datetime(2021, 1, day, hour) for day in (4, 5, 6, 7) for hour in range(24)]
    feature = DateFeature("when", DATE).fit(column(wall))
    zoned = pl.Series(wall).dt.replace_time_zone("America/New_York")
    assert torch.equal(feature.encode(column(wall)), feature.encode(column(zoned)))


def test_restored_feature_encodes_the_same_bits() -> None:
    feature = DateFeature("day", DATE).fit(column(days(50)))
    again = DateFeature("day", DATE).restore(json.loads(json.dumps(feature.state())))
    cells = column([*days(60), None])
    assert torch.equal(feature.encode(cells).nan_to_num(9), again.encode(cells).nan_to_num(9))


def test_cells_that_are_no_date_are_marked() -> None:
    feature = DateFeature("seen", Input(kind="date"))
    assert feature.unreadable(column(["2024-05-31", "soon", "", None, "2024-13-01"])).tolist() == [
        False,
        True,
        False,
        False,
        True,
    ]
    assert not feature.unreadable(column([None, None], dtype=pl.Date)).any()
