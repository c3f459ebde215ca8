"""Frames back in the library they came from."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from injerto.table.native import native

FRAME = pl.DataFrame(
    {
        "row": [0, 1],
        "mass": [1.5, None],
        "count": [None, 3],
        "name": ["a", None],
        "right": [True, None],
        "sure": [True, False],
        "day": [dt.date(2024, 1, 2), None],
    }
)


def test_a_pandas_frame_gets_pandas_answers_with_its_own_index() -> None:
    found = native(FRAME, pd.DataFrame({"x": [1, 2]}, index=["left", "right"]))
    assert isinstance(found, pd.DataFrame)
    assert list(found.index) == ["left", "right"]
    assert list(found.columns) == FRAME.columns
    assert found["row"].tolist() == [0, 1]
    assert found["row"].dtype == np.int64
    assert found["mass"].dtype == np.float64
    assert np.isnan(found["mass"]["right"])
    assert np.isnan(found["count"]["left"])
    assert found["name"].isna().tolist() == [False, True]
    assert found["right"]["left"] is True
    assert found["sure"].dtype == bool
    assert found["day"]["left"] == pd.Timestamp(2024, 1, 2)


def test_an_index_of_another_length_is_not_forced_on_it() -> None:
    assert list(native(FRAME, pd.DataFrame({"x": [1, 2, 3]})).index) == [0, 1]


def test_a_pyarrow_table_gets_one() -> None:
    found = native(FRAME, pa.table({"x": [1, 2]}))
    assert isinstance(found, pa.Table)
    assert found.column("name").to_pylist() == ["a", None]


@pytest.mark.parametrize(
    "given", [FRAME, {"x": [1, 2]}, np.zeros((2, 1)), "table.csv", None], ids=lambda one: type(one).__name__
)
def test_all_else_gets_polars(given: object) -> None:
    assert native(FRAME, given) is FRAME
