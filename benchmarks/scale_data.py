"""A made-up table of any length: skewed levels, numbers, a date, and a class that follows from them with known noise.

    python benchmarks/scale_data.py 1_000_000 benchmarks/out/million.parquet

Twenty columns: ten of levels (from 7 to 2,000,000 different ones, frequent ones far more frequent), eight of numbers (two with
gaps), one of dates and the class. What can be known of a row is not written; the score of whoever knows it is printed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

PIECE = 500_000
LEVELS = {
    "weekday": 7,
    "country": 40,
    "device": 120,
    "shop": 800,
    "place": 3_000,
    "brand": 10_000,
    "page": 50_000,
    "word": 200_000,
    "address": 600_000,
    "user": 2_000_000,
}
NUMBERS = [f"number_{at}" for at in range(8)]
SEED = 20_260_101


def pieces(rows: int, *, seed: int = SEED) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
    """The table `PIECE` rows at a time, with what can be known of each row (n,): the log odds of its class."""
    effects = _effects(seed)
    for first in range(0, rows, PIECE):
        yield _piece(min(PIECE, rows - first), first, effects, np.random.default_rng((seed, first)))


def _effects(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(0, 0.45, count).astype(np.float32) for name, count in LEVELS.items()}


def _piece(rows: int, first: int, effects: dict[str, np.ndarray], rng: np.random.Generator) -> tuple[pl.DataFrame, np.ndarray]:
    columns: dict[str, pl.Series] = {}
    log_odds = np.full(rows, -0.4, dtype=np.float64)
    for name, count in LEVELS.items():
        code = np.minimum((count ** rng.random(rows)).astype(np.int64), count - 1)  # as often as 1 / its rank
        log_odds += effects[name][code]
        columns[name] = pl.Series(code).cast(pl.String).alias(name)
    numbers = rng.normal(size=(len(NUMBERS), rows)).astype(np.float32)
    log_odds += 0.5 * numbers[0] + 0.4 * np.sin(2 * numbers[1]) + 0.3 * numbers[2] * (numbers[3] > 0)
    for name, values in zip(NUMBERS, numbers, strict=True):
        columns[name] = pl.Series(values)
    for name in NUMBERS[-2:]:
        columns[name] = columns[name].set(pl.Series(rng.random(rows) < 0.1), None)
    minutes = (first + np.arange(rows)) // 32
    columns["time"] = pl.Series(np.datetime64("2020-01-01", "us") + minutes * np.timedelta64(60_000_000, "us"))
    answer = rng.random(rows) < 1 / (1 + np.exp(-log_odds))
    columns["bought"] = pl.Series(np.where(answer, "yes", "no"))
    return pl.DataFrame(columns), log_odds


def best_loss(rows: int = 1_000_000, *, seed: int = SEED) -> float:
    """The log loss of someone who knows everything but the noise."""
    odds = np.concatenate([log_odds for _, log_odds in pieces(rows, seed=seed)])
    chance = 1 / (1 + np.exp(-odds))
    return float(-(chance * np.log(chance) + (1 - chance) * np.log1p(-chance)).mean())


def write(rows: int, path: Path) -> None:
    """Write the table as parquet or csv, piece by piece."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        with path.open("wb") as file:
            for at, (piece, _) in enumerate(pieces(rows)):
                piece.write_csv(file, include_header=at == 0)
        return
    with pq.ParquetWriter(path, next(pieces(1))[0].to_arrow().schema) as file:
        for piece, _ in pieces(rows):
            file.write_table(piece.to_arrow())


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
    print(f"Whoever knows all but the noise has a log loss of {best_loss():.4f}.")
