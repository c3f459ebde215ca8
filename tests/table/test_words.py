"""Labels have one spelling, however a table holds them."""

import polars as pl
import pytest

from injerto.table.words import normalised, words


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7, None], [7, None]),
        ([7.0, float("nan"), None], [7, None, None]),
        ([7.5, 8.0], ["7.5", "8.0"]),
        ([float("nan")], [None]),
        ([True, None], [True, None]),
        ([" Zoe\u0308 ", "", "  "], ["Zo\u00eb", None, None]),
    ],
)
def test_one_spelling(values, expected):
    found = normalised(pl.Series(values))
    assert found.to_list() == expected
    assert words(pl.Series(values)).equals(found.cast(pl.String))
