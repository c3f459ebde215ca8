"""Splits: by column, by time, at random; nothing that belongs together is torn."""

import datetime

import numpy as np
import polars as pl
import pytest

from injerto.errors import ColumnError, TableError
from injerto.table.split import Rows, split
from injerto.table.table import Table

N = 200
RANDOM = np.random.default_rng(0)
TABLE = Table.of(
    {
        "animal": [f"a{code}" for code in RANDOM.integers(0, 40, N)],
        "day": [datetime.date(2024, 1, 1) + datetime.timedelta(days=int(day)) for day in RANDOM.integers(0, 60, N)],
        "year": RANDOM.integers(2000, 2020, N),
        "remark": ["x"] * N,
        "species": [f"s{code}" for code in RANDOM.integers(0, 3, N)],
    }
)
STRATA = TABLE.frame["species"].rank("dense").to_numpy().astype(np.int64) - 1


def sides(rows: Rows) -> np.ndarray:
    side = np.full(sum(map(len, (rows.train, rows.tune, rows.test))), -1)
    for place, indices in enumerate((rows.train, rows.tune, rows.test)):
        assert (side[indices] == -1).all()
        assert (np.diff(indices) > 0).all()
        side[indices] = place
    assert (side >= 0).all()
    return side


def test_at_random_every_class_in_proportion() -> None:
    rows = split(TABLE, strata=STRATA)
    assert [len(rows.train), len(rows.tune), len(rows.test)] == [130, 30, 40]
    for stratum in range(3):
        assert (STRATA[rows.test] == stratum).sum() == pytest.approx(0.2 * (stratum == STRATA).sum(), abs=1)
    assert rows.reason == "130 rows train, 30 tune and 40 test, at random, every class or range in proportion."
    assert (sides(rows) == sides(split(TABLE, strata=STRATA))).all()
    assert (sides(rows) != sides(split(TABLE, strata=STRATA, seed=1))).any()


def test_groups_stay_whole_whatever_the_order_of_rows() -> None:
    side = sides(split(TABLE, group="animal", strata=STRATA))
    order = np.random.default_rng(1).permutation(N)
    shuffled = sides(split(TABLE.take(order), group="animal", strata=STRATA[order]))
    assert (side[order] == shuffled).all()
    animals = TABLE.frame["animal"].to_numpy()
    assert all(len(set(side[animals == animal])) == 1 for animal in set(animals))


def test_near_duplicates_join_groups() -> None:
    together = np.full(N, -1)
    together[[3, 77, 150]] = 0
    rows = split(TABLE, group="animal", together=together)
    side = sides(rows)
    assert len(set(side[[3, 77, 150]])) == 1
    joined = np.isin(TABLE.frame["animal"].to_numpy(), TABLE.frame["animal"].to_numpy()[[3, 77, 150]])
    assert len(set(side[joined])) == 1
    assert "Kept on one side: rows with the same 'animal' and near-duplicates." in rows.reason
    assert "near-duplicates" not in split(TABLE, group="animal", together=np.arange(N)).reason


def test_rows_without_a_group_stand_alone() -> None:
    table = Table.of({"animal": [None] * 100})
    assert len(split(table, group="animal").test) == 20


@pytest.mark.parametrize("column", ["day", "year"])
def test_by_time_the_latest_test_and_equal_times_are_not_torn(column: str) -> None:
    rows = split(TABLE, time=column)
    times = TABLE.frame[column].to_physical().to_numpy()
    assert times[rows.train].max() < times[rows.tune].min() <= times[rows.tune].max() < times[rows.test].min()
    assert len(rows.test) == pytest.approx(40, abs=10)
    assert len(rows.tune) == pytest.approx(30, abs=10)
    assert f"the latest by '{column}' kept apart" in rows.reason


def test_by_time_earlier_rows_of_a_group_that_tests_are_left_out() -> None:
    table = Table.of({"animal": list("aabbccdd"), "year": [1, 8, 2, 3, 4, 5, 6, 7]})
    rows = split(table, time="year", group="animal", test_share=0.25, tune_share=0.25)
    assert rows.test.tolist() == [1, 7]
    assert rows.left_out.tolist() == [0, 6]
    assert rows.tune.tolist() == [4, 5]
    assert rows.train.tolist() == [2, 3]
    assert rows.left_out_reason == "a row of the same 'animal' tests, as it is among the latest by 'year'"
    assert "2 rows are left out of 2 groups that straddle the boundary: a row of the same 'animal' tests" in rows.reason


@pytest.mark.parametrize("seed", range(20))
def test_by_group_and_time_no_group_is_torn_and_every_test_row_is_later(seed: int) -> None:
    random = np.random.default_rng(seed)
    born = random.integers(0, 50, 60)
    animal = random.integers(0, 60, 400)
    year = born[animal] + random.integers(0, 12, 400)
    table = Table.of({"animal": animal, "year": year})
    rows = split(table, time="year", group="animal")
    parts = (rows.train, rows.tune, rows.test, rows.left_out)
    assert sorted(np.concatenate(parts).tolist()) == list(range(400))
    for first in range(3):
        for second in range(first):
            assert not set(animal[parts[first]]) & set(animal[parts[second]])
    assert year[rows.test].min() > max(year[rows.train].max(), year[rows.tune].max())
    assert set(animal[rows.left_out]) <= set(animal[rows.test])
    assert (year >= year[rows.test].min()).sum() == len(rows.test)  # no late row is lost


def test_by_time_near_duplicates_of_late_rows_are_left_out() -> None:
    table = Table.of({"year": [1, 2, 3, 4, 5, 6]})
    rows = split(table, time="year", together=np.array([7, -1, -1, -1, -1, 7]), test_share=0.2, tune_share=0.2)
    assert rows.test.tolist() == [5]
    assert rows.left_out.tolist() == [0]
    assert "a row nearly the same tests" in rows.reason


def test_groups_that_are_all_seen_again_cannot_be_split_by_time_and_group() -> None:
    table = Table.of({"animal": list("abcabcabc"), "year": [1, 1, 1, 2, 2, 2, 3, 3, 3]})
    with pytest.raises(TableError, match=r"3 groups are seen among the latest rows.*Keep only the time"):
        split(table, time="year", group="animal")


def test_rows_without_a_time_train() -> None:
    table = Table.of({"year": [None, 1, 2, 3, 4, float("nan")]})
    rows = split(table, time="year")
    assert {0, 5} <= set(rows.train.tolist())


def test_without_a_test_share_nothing_tests() -> None:
    for options in ({"time": "year"}, {"group": "animal"}, {}):
        rows = split(TABLE, test_share=0, **options)
        assert len(rows.test) == 0
        assert len(rows.tune) == pytest.approx(30, abs=12)


def test_the_users_column() -> None:
    words = ["Train", "training", "val", "VALIDATION", " tune", "dev", "test", "Testing"]
    rows = split(Table.of({"side": words}), column="side")
    assert sides(rows).tolist() == [0, 0, 1, 1, 1, 1, 2, 2]
    assert "as the column 'side' says" in rows.reason


def test_a_users_column_without_tune_rows() -> None:
    side = np.where(np.arange(N) < 150, "train", "test").astype(object)
    side = np.where(TABLE.frame["animal"].is_in(["a1", "a2", "a3"]).to_numpy(), "test", "train")
    table = Table.of(TABLE.frame.with_columns(side=pl.Series(side)))
    rows = split(table, column="side", group="animal", strata=STRATA)
    assert rows.test.tolist() == np.flatnonzero(side == "test").tolist()
    assert len(rows.tune) == pytest.approx(0.15 * (side == "train").sum(), abs=6)
    animals = table.frame["animal"].to_numpy()
    assert not set(animals[rows.tune]) & set(animals[rows.train])
    assert "drawn from those to train with" in rows.reason
    late = split(table, column="side", time="year")
    years = table.frame["year"].to_numpy()
    assert years[late.train].max() < years[late.tune].min()


def test_a_users_column_may_leave_rows_out() -> None:
    words = ["train", "Unused", "test", "tune", " ignore", "exclude", "train"]
    rows = split(Table.of({"side": words, "animal": list("abcdabe")}), column="side", group="animal")
    assert rows.left_out.tolist() == [1, 4, 5]
    assert [rows.train.tolist(), rows.tune.tolist(), rows.test.tolist()] == [[0, 6], [3], [2]]
    assert rows.left_out_reason == "the column 'side' says so"
    assert "3 rows are left out: the column 'side' says so." in rows.reason


def test_a_users_column_that_tears_near_duplicates_is_told() -> None:
    table = Table.of({"side": ["train", "test", "tune", "train"]})
    reason = split(table, column="side", together=np.array([0, 0, -1, -1])).reason
    assert "although it tears 1 sets of near-duplicates apart" in reason


def test_classes_that_only_held_out_rows_have_are_told() -> None:
    table = Table.of({"side": ["train", "test", "tune", "train"]})
    assert "1 classes occur only in rows held out" in split(table, column="side", strata=np.array([0, 1, 0, 0])).reason


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ({"a": [1, 2]}, {}, "has 2 rows; to train, tune and test it needs at least 3"),
        ({"a": [1]}, {"test_share": 0}, "has 1 rows; to train and tune it needs at least 2"),
        ({"g": list("aabb")}, {"group": "g"}, "has 2 groups of rows that belong together"),
        (
            {"a": [1, 2, 3]},
            {"test_share": 0.6, "tune_share": 0.5},
            r"shares to tune \(0\.5\) and to test \(0\.6\) leave nothing",
        ),
        ({"t": [1, 1, 2, 2]}, {"time": "t"}, "'t' has 2 different times; at least 3"),
        ({"t": ["x", "y", "z"]}, {"time": "t"}, "holds String such as 'x', which has no order in time"),
        (
            {"s": ["train", "hold", None]},
            {"column": "s"},
            r"2 rows say something else: '\(empty\)', 'hold'; the first is row 1",
        ),
        ({"s": ["test", "tune", "test"]}, {"column": "s"}, "says train in no row"),
        (
            {"s": ["train", "test", "tune"], "g": ["a", "a", "b"]},
            {"column": "s", "group": "g"},
            "tears 1 groups of 'g' apart, such as 'a'",
        ),
    ],
)
def test_what_cannot_be_split(data: dict[str, list[object]], options: dict[str, object], message: str) -> None:
    with pytest.raises(TableError, match=message):
        split(Table.of(data), **options)


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(ColumnError, match="Did you mean 'animal'"):
        split(TABLE, group="animals")
