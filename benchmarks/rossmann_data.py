"""The sales table of the entity-embedding paper: 844,338 days on which one of 1,115 shops sold something.

What is known before the day: the shop, the calendar, promotions, holidays and opening days. Never `Customers`, which is
counted on the day itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "rossmann"
AUTHORS = ["Store", "DayOfWeek", "Promo", "Year", "Month", "Day", "State"]
"""The paper's inputs. It also lists `Open`, which is 1 in every row with sales."""
TRAIN_SHARE = 0.9
DAYS_AROUND = 14
"""Days ahead of and behind a holiday or a closing that are told apart."""

SplitName = Literal["time", "random"]


@dataclass(frozen=True)
class Sample:
    """Rows that teach and rows that are asked, in the order of their dates."""

    split: SplitName
    seed: int
    train: pl.DataFrame
    test: pl.DataFrame
    history: pl.DataFrame
    """All rows that are not asked; `train` is drawn from them."""


def sales(folder: Path) -> pl.DataFrame:
    """All rows with sales, oldest first, with every column that is known in advance."""
    days = pl.read_parquet(folder / "train.parquet").drop("Customers").with_columns(pl.col("Date").cast(pl.Date)).reverse()
    shops = pl.read_csv(folder / "store.csv", schema_overrides={"Store": pl.Int32})
    states = pl.read_csv(folder / "store_states.csv", schema_overrides={"Store": pl.Int32})
    date = pl.col("Date").dt
    return (
        days.with_columns(**_nearby())
        .filter(pl.col("Sales") > 0)
        .with_columns(pl.col("Sales").cast(pl.Float64), Year=date.year(), Month=date.month(), Day=date.day())
        .join(states, on="Store", how="left", maintain_order="left")
        .join(shops, on="Store", how="left", maintain_order="left")
        .with_columns(**_about_the_shop())
    )


def sample_of(table: pl.DataFrame, split: SplitName, rows: int, seed: int) -> Sample:
    """The last tenth of the rows by date, or any tenth, is the test; `rows` of the others are drawn to learn from (0: all).

    NOTE differs from the authors' code: drawn without replacement, so that no row stands twice in what is learned and tuned on.
    """
    generator = np.random.default_rng(seed)
    if split == "random":
        table = table[generator.permutation(len(table))]
    seen = int(TRAIN_SHARE * len(table))
    chosen = np.arange(seen) if not 0 < rows < seen else generator.choice(seen, rows, replace=False)
    return Sample(split, seed, table[np.sort(chosen)].sort("Date", maintain_order=True), table[seen:], table[:seen])


def levels_of(sample: Sample) -> dict[str, list[object]]:
    """The authors' columns and their values in order. Which shops there are is known, even if few rows are drawn."""
    return {name: sorted({*sample.train[name], *sample.test[name]}) for name in AUTHORS}


def mape(sample: Sample, sales_euros: np.ndarray) -> float:
    """Mean absolute error of answers (n,) as a share of the true sales of the test rows."""
    true = sample.test["Sales"].to_numpy()
    return float(np.mean(np.abs(true - sales_euros) / true))


def _nearby() -> dict[str, pl.Expr]:
    """Days until the next and since the last holiday, school holiday, promotion and unusual closing of the shop.

    All of it stands in the calendar; the days that are looked at include those without sales.
    """
    flags = {
        "Holiday": pl.col("StateHoliday") != "0",
        "School": pl.col("SchoolHoliday") == 1,
        "NoSchool": pl.col("SchoolHoliday") == 0,
        "Shut": (pl.col("Open") == 0) & (pl.col("DayOfWeek") != 7),
        "Promo": pl.col("Promo") == 1,
        "NoPromo": pl.col("Promo") == 0,
    }
    made = {}
    for name, flag in flags.items():
        marked = pl.when(flag).then(pl.col("Date"))
        made[f"{name}Behind"] = (pl.col("Date") - marked.forward_fill().over("Store")).dt.total_days()
        made[f"{name}Ahead"] = (marked.backward_fill().over("Store") - pl.col("Date")).dt.total_days()
    return {name: days.clip(0, DAYS_AROUND).fill_null(DAYS_AROUND) for name, days in made.items()}


def _about_the_shop() -> dict[str, pl.Expr]:
    """How long the nearest rival has been there, and whether a long promotion runs this month."""
    year, month = pl.col("Year"), pl.col("Month")
    since = pl.date(pl.col("Promo2SinceYear"), 1, 4).dt.truncate("1w") + pl.duration(weeks=pl.col("Promo2SinceWeek") - 1)
    runs = ((pl.col("Promo2") == 1) & (pl.col("Date") >= since)).fill_null(False)
    named = pl.col("Date").dt.strftime("%b").replace({"Sep": "Sept"})
    months = (year - pl.col("CompetitionOpenSinceYear")) * 12 + month - pl.col("CompetitionOpenSinceMonth")
    return {
        "Promo2Runs": runs,
        "Promo2Starts": runs & pl.col("PromoInterval").fill_null("").str.contains(named),
        "CompetitionMonths": months.clip(-1, 36),
        "CompetitionDistance": pl.col("CompetitionDistance").log(),
    }
