"""The door between peers.py and a rival: a folder with a job goes in, the answers and what they cost come out.

It needs pandas alone, so that every interpreter that holds a rival can open it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

PARTS = ("train", "tune", "test")
WEEKDAYS = ("month", "day", "weekday")
"""The parts of a date that come round again, for rivals that look levels up."""


@dataclass
class Job:
    """What a rival is told: three tables, the duty of each column, and how many processor seconds it may take.

    `target` holds 0 or 1 when the kind is class. Categories are text with empty cells, dates are timestamps.
    """

    kind: Literal["class", "number"]
    target: str
    numbers: list[str]
    categories: list[str]
    dates: list[str]
    seconds: float
    seed: int
    threads: int
    train: pd.DataFrame
    tune: pd.DataFrame
    test: pd.DataFrame

    def __post_init__(self) -> None:
        self.started = time.perf_counter()

    def over(self) -> bool:
        """Whether the time is used up."""
        return time.perf_counter() - self.started > self.seconds

    @property
    def inputs(self) -> list[str]:
        """All columns to learn from."""
        return [*self.numbers, *self.categories, *self.dates]


def with_date_parts(job: Job) -> Job:
    """Every date replaced by its year, month, day, weekday and day of the year, as numbers."""
    named = []
    for date in job.dates:
        for frame in (job.train, job.tune, job.test):
            moment = frame[date].dt
            parts = {"year": moment.year, "month": moment.month, "day": moment.day, "weekday": moment.weekday}
            for part, values in (parts | {"day_of_year": moment.dayofyear}).items():
                frame[f"{date}_{part}"] = values.astype("float64")
            named = [f"{date}_{part}" for part in [*parts, "day_of_year"]]
        job.numbers = [*job.numbers, *named]
    job.dates = []
    return job


def with_levels(job: Job) -> Job:
    """Month, day and weekday as categories, and no empty category: for networks that look levels up."""
    again = [name for name in job.numbers if name.endswith(tuple(f"_{part}" for part in WEEKDAYS))]
    job.numbers = [name for name in job.numbers if name not in again]
    job.categories = [*job.categories, *again]
    for frame in (job.train, job.tune, job.test):
        for name in job.categories:
            frame[name] = frame[name].astype("object").where(frame[name].notna(), "missing").astype(str)
    return job


def with_numbers_filled(job: Job) -> Job:
    """Empty numbers become the training median, with a column that says where: for networks that cannot do without."""
    for name in list(job.numbers):
        median, gaps = job.train[name].median(), job.train[name].isna().any()
        if gaps:
            job.numbers.append(f"{name}_empty")
        for frame in (job.train, job.tune, job.test):
            if gaps:
                frame[f"{name}_empty"] = frame[name].isna().astype("float64")
            frame[name] = frame[name].fillna(median).astype("float64")
    return job


def count_processor_seconds() -> Callable[[], float]:
    """From here on the clocks of this process count its processor's seconds; the one given back still tells the time.

    Every rival's own limit is by the clock, and on a shared machine the clock says more about the neighbours.
    """
    clock, started = time.perf_counter, time.time()
    time.perf_counter = time.monotonic = time.process_time
    time.time = lambda: started + time.process_time()
    return clock


def serve(answer: Callable[[Job], np.ndarray], packages: Sequence[str]) -> None:
    """Read the job in the folder given on the command line, answer its test rows (N,), and write both answers and cost."""
    folder = Path(sys.argv[1]).resolve()  # a rival may change the working folder
    facts = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    frames = [pd.read_parquet(folder / f"{part}.parquet") for part in PARTS]
    clock = count_processor_seconds()
    job, started = Job(**facts, **dict(zip(PARTS, frames, strict=True))), clock()
    said = np.asarray(answer(job), dtype="float64").reshape(-1)
    cost = {"seconds": clock() - started, "processor_seconds": time.perf_counter() - job.started}
    pd.DataFrame({"answer": said}).to_parquet(folder / "answers.parquet")
    cost["versions"] = {name: version(name) for name in packages}
    (folder / "cost.json").write_text(json.dumps(cost), encoding="utf-8")
