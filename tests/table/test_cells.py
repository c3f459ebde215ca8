"""Strings to types: only where every cell fits."""

import datetime

import polars as pl
import pytest

from injerto.table.cells import MISSING, understood


def read(*cells: str, delimiter: str = ",") -> tuple[pl.DataType, list[object]]:
    column, _ = understood(pl.Series("x", cells), delimiter)
    return column.dtype, column.to_list()


def note(*cells: str, delimiter: str = ",") -> str:
    return understood(pl.Series("x", cells), delimiter)[1]


def test_whole_numbers_and_fractions() -> None:
    assert read("1", "-20", "+3") == (pl.Int64(), [1, -20, 3])
    assert read("1", "2.5", ".5", "1e-3", "-inf") == (pl.Float64(), [1.0, 2.5, 0.5, 0.001, float("-inf")])


def test_codes_stay_text() -> None:
    assert read("007", "12")[1] == ["007", "12"]
    assert read("12345678901234567890", "1")[0] == pl.String
    assert read("1", "2", "N14228")[0] == pl.String


def test_the_last_of_many_cells_decides() -> None:
    column, _ = understood(pl.Series("x", ["1"] * 5000 + ["1a"]), ",")
    assert column.dtype == pl.String


@pytest.mark.parametrize("word", MISSING)
def test_spellings_of_missing(word: str) -> None:
    assert read("1", word, "3") == (pl.Int64(), [1, None, 3])


def test_words_that_are_levels_stay() -> None:
    assert read("none", "na", "-")[1] == ["none", "na", "-"]


def test_all_missing_stays_text() -> None:
    assert read("", "NA") == (pl.String(), [None, None])


def test_truth_values() -> None:
    assert read("TRUE", "False", "") == (pl.Boolean(), [True, False, None])
    assert read("yes", "no")[0] == pl.String


def test_spaces_around_cells_go() -> None:
    assert read(" 1", "2 ") == (pl.Int64(), [1, 2])
    assert read(" Private", "Private")[1] == ["Private", "Private"]


def test_decimal_commas() -> None:
    assert read("3,14", "-2", "1.000,5", delimiter=";") == (pl.Float64(), [3.14, -2.0, 1000.5])
    assert read("1,234", "5,678", delimiter=";")[1] == [1.234, 5.678]
    assert read("3,14", "2,7", delimiter=",")[1] == [3.14, 2.7]  # quoted in a comma-separated file
    assert note("x", "y") == ""
    assert "decimal commas (3,14 as 3.14)" in note("1", "3,14", delimiter=";")


def test_thousands_commas() -> None:
    assert read("1,234", "56", "7,890.5", delimiter=",")[1] == [1234.0, 56.0, 7890.5]
    assert read("1,234,567", "8", delimiter=";")[1] == [1234567.0, 8.0]
    assert "thousands" in note("1,234", "5", delimiter=",")


def test_lists_of_numbers_stay_text() -> None:
    assert read("1,2,3", "4,5,6")[0] == pl.String
    assert read("1,5", "1;5")[0] == pl.String


def test_dates() -> None:
    day = datetime.date(2024, 12, 31)
    for text in ("2024-12-31", "2024/12/31", "31.12.2024", "31/12/2024", "12/31/2024"):
        assert read(text, "") == (pl.Date(), [day, None]), text


def test_dates_that_may_be_two_things_stay_text() -> None:
    assert read("03/04/2024", "01/02/2024")[0] == pl.String
    assert "day/month or month/day" in note("03/04/2024", "01/02/2024")
    assert read("03/03/2024", "02/02/2024")[0] == pl.Date


@pytest.mark.parametrize(
    ("text", "hour", "second"),
    [
        ("2024-12-31T10:05:07", 10, 7),
        ("2024-12-31 10:05", 10, 0),
        ("2024-12-31 10:05:07.250", 10, 7),
        ("2024-12-31T10:05:07Z", 10, 7),
        ("2024-12-31T10:05:07+02:00", 8, 7),
        ("2024-12-31T10:05:07-0300", 13, 7),
        ("31/12/2024 10:05", 10, 0),
    ],
)
def test_times(text: str, hour: int, second: int) -> None:
    dtype, (found, _) = read(text, "NA")
    assert dtype == pl.Datetime("us")
    assert isinstance(found, datetime.datetime)
    assert (found.month, found.day, found.hour, found.minute, found.second) == (12, 31, hour, 5, second)


def test_a_day_among_times_is_midnight() -> None:
    assert read("2024-12-31", "2024-12-31 10:05:00")[1][0] == datetime.datetime(2024, 12, 31)


def test_a_late_cell_tells_day_from_month() -> None:
    column, _ = understood(pl.Series("x", ["03/04/2024"] * 3000 + ["31/12/2024"]), ",")
    assert column[0] == datetime.date(2024, 4, 3)


def test_impossible_dates_stay_text() -> None:
    assert read("2024-13-45", "2024-01-01")[0] == pl.String


def test_per_cents_are_numbers_where_every_cell_has_the_sign() -> None:
    assert read("12 %", "7%", "") == (pl.Int64(), [12, 7, None])
    assert read("12.5 %", "7%") == (pl.Float64(), [12.5, 7.0])
    assert read("12,5 %", "7,0 %", delimiter=";") == (pl.Float64(), [12.5, 7.0])
    assert note("NA", "12 %") == "Column 'x': per cents were read as numbers (12 % as 12)."


def test_per_cents_beside_other_cells_stay_text() -> None:
    assert read("12 %", "7")[0] == pl.String
    assert read("12 %", "most %")[0] == pl.String
    assert read("07 %", "12 %")[0] == pl.String
