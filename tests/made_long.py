"""Tables whose pieces are made small, so that a few thousand rows are a long table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from injerto.table import long_files, long_table


def flights(rows: int, seed: int = 0) -> pl.DataFrame:
    """Two columns of levels, one of many, a number with gaps, a date, a group, and a class that follows from them."""
    random = np.random.default_rng(seed)
    airline, plane = random.integers(0, 5, rows), (400 ** random.random(rows)).astype(int)
    wind = random.normal(10, 3, rows)
    late = random.random(rows) < chance_of_late(airline, plane, wind)
    start = dt.datetime(2024, 1, 1, 6)
    return pl.DataFrame(
        {
            "airline": [f"airline {code}" for code in airline],
            "plane": [f"N{code:04}" for code in plane],
            "wind": [None if random.random() < 0.05 else round(float(value), 3) for value in wind],
            "start": [start + dt.timedelta(minutes=10 * place) for place in range(rows)],
            "pilot": [f"pilot {code}" for code in random.integers(0, 300, rows)],
            "late": np.where(late, "late", "in time"),
        }
    )


def chance_of_late(airline: np.ndarray, plane: np.ndarray, wind: np.ndarray) -> np.ndarray:
    """What someone knows of each row (N,) who knows all but the noise."""
    return np.asarray(1 / (1 + np.exp(-(airline - 2) - 0.4 * (wind - 10) - (plane % 3 - 1))))


def write(frame: pl.DataFrame, path: Path) -> Path:
    """The frame as a file, by its suffix."""
    if path.suffix == ".parquet":
        frame.write_parquet(path, row_group_size=700)
    elif path.suffix == ".arrow":
        frame.write_ipc(path, record_batch_size=700)
    else:
        frame.write_csv(path, separator="\t" if path.suffix == ".tsv" else ",")
    return path


def small_pieces(monkeypatch: pytest.MonkeyPatch, rows: int = 1000, *, sample: int | None = None) -> None:
    """Pieces of `rows`, or of so many bytes of text as about that many rows of `flights` take; a sample of so many rows."""
    if sample is not None:
        monkeypatch.setattr(long_table, "SAMPLE_ROWS", sample)
    monkeypatch.setattr(long_files, "PIECE_ROWS", rows)
    monkeypatch.setattr(long_files, "PIECE_BYTES", 70 * rows)
