"""What the process that gives a command to a Ray cluster spends on each piece of work, in seconds of its processor.

    python benchmarks/ray_pieces.py              all of it; photos, rows or stored behind it for a part

Everything is the product's own but the work: pieces are cut, packed and sent as always, to workers on this machine that give
back vectors, or answers, that they have at hand; these are unpacked, kept in the cache, or written to the file of answers.
Two lengths of work are measured for each size of piece, and their difference counts, so that starting workers does not.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
from machine import machine, spread
from scale_data import pieces as made

import injerto
from injerto.backbones.cache import VectorCache
from injerto.backbones.recall import Recall
from injerto.learning.stored_rows import StoredRows
from injerto.progress import SilentStep
from injerto.scale import extract, pieces, predict
from injerto.scale.cluster import Cluster, joined
from injerto.scale.errand import Errand
from injerto.scale.extract import RayCrew
from injerto.scale.parcel import Parcel
from injerto.scale.pieces import unpacked
from injerto.table.table import Table
from injerto.train_long import encoded_rows

WIDTH = 1280
"""Channels of efficientnet_lite0."""
RUNS = 3


@dataclass
class Vectors(Errand):
    """In place of a network: the same vectors of every file."""

    def ready(self) -> None:
        """Nothing is loaded."""
        self.random = np.random.default_rng(0)

    def do(self, item: bytes) -> Iterator[bytes]:
        """One vector a file."""
        rows = len(unpacked(item))
        digests = pl.DataFrame({"place": np.arange(rows), "digest": [self.random.bytes(32) for _ in range(rows)]})
        reasons = pl.DataFrame(schema={"place": pl.Int64, "reason": pl.String})
        values = self.random.random((rows, WIDTH), dtype=np.float32)
        yield Parcel({"reasons": reasons, "digests": digests}, {"values": values}).packed()


@dataclass
class Answers(Errand):
    """In place of a model: the first of some answers that it gave before."""

    given: pl.DataFrame
    others: dict[str, pl.DataFrame]

    def ready(self) -> None:
        """Nothing is loaded."""

    def do(self, item: bytes) -> Iterator[bytes]:
        """One answer a row."""
        yield Parcel({"answers": self.given.head(len(unpacked(item))), **self.others}).packed()


def of_files(cluster: Cluster, folder: Path, size: int, count: int) -> float:
    """Seconds for `count` pieces of `size` files, whose vectors come into a cache."""
    names = [f"{number}.png" for number in range(size * count)]
    for name in names:
        (folder / name).touch()
    table = Table.of({"photo": names}, folder=folder)
    pieces.VECTOR_ROWS = (size, size)
    with tempfile.TemporaryDirectory() as place, VectorCache(place) as cache:
        look: Any = SimpleNamespace(recall=Recall(cache, "space", table.column("photo")))
        values = np.full((len(table), WIDTH), np.nan, dtype=np.float32)
        began = time.process_time()
        RayCrew(cluster).gather(look, np.arange(len(table)), values, SilentStep())
        spent = time.process_time() - began
    assert not np.isnan(values).any()
    return spent


def of_rows(model: injerto.Model, folder: Path, size: int, count: int) -> float:
    """Seconds for `count` pieces of `size` rows of twenty columns, whose answers come into a file."""
    path = folder / f"{size}_{count}.parquet"
    if not path.exists():
        frame = next(made(500_000))[0]
        whole = pl.concat([frame] * (-(-size * count // len(frame)))).head(size * count)
        whole.write_parquet(path)
    long = injerto.LongTable.read(path, sample_rows=1000)
    pieces.OTHER_ROWS = (size, size)
    began = time.process_time()
    model.predict_into(long, folder / "answers.parquet", on="ray", force=True)
    return time.process_time() - began


def stand_in(model: injerto.Model, size: int) -> None:
    """From now on workers give answers that were made here."""
    given = model.predict(next(made(size))[0])
    others = {
        "ledger": given.ledger.frame(),
        "empty": pl.DataFrame(schema={"column": pl.String}),
        "unseen": pl.DataFrame(schema={"column": pl.String, "share": pl.Float64}),
    }
    predict.Predicting = lambda *_: Answers(given.frame, others)  # type: ignore[assignment,misc]


def main() -> None:
    """A line for each size of piece."""
    os.environ |= {"RAY_raylet_start_wait_time_s": "120", "INJERTO_CACHE": tempfile.mkdtemp()}
    extract._errand = lambda _: Vectors()  # type: ignore[assignment]
    print(machine())
    print(
        "\n| a piece | pieces | seconds of the driver's processor for a piece | for 1,000 rows |\n|---|---|---|---|", flush=True
    )
    wanted = sys.argv[1:] or ["photos", "rows", "stored"]
    with tempfile.TemporaryDirectory() as name, joined("ray") as cluster:
        if "photos" in wanted:
            photos(cluster, Path(name))
        if "rows" in wanted:
            rows(Path(name))
    if "stored" in wanted:
        stored()


def photos(cluster: Cluster, folder: Path) -> None:
    """Pieces of files."""
    for size, count in ((16, 400), (256, 100), (1024, 30), (2560, 12)):
        spent = [_each(lambda n, s=size: of_files(cluster, folder, s, n), count) for _ in range(RUNS)]
        _told(f"{size:,} photos, vectors of {WIDTH:,} channels", size, count, spent)


def rows(folder: Path) -> None:
    """Pieces of a table."""
    model = injerto.train(next(made(20_000))[0], "bought", budget_seconds=20)
    model.artifact.reference = None  # no sample is judged beside the answers
    for size, count in ((1024, 200), (16_384, 40), (49_152, 16)):
        stand_in(model, size)
        spent = [_each(lambda n, s=size: of_rows(model, folder, s, n), count) for _ in range(RUNS)]
        _told(f"{size:,} rows of 20 columns", size, count, spent)


def stored() -> None:
    """What one process spends to write encoded rows, as a long training does; no cluster does that yet."""
    frame = next(made(500_000))[0]
    model = injerto.train(frame.head(20_000), "bought", budget_seconds=20)
    encoded, _ = encoded_rows(model.network, Table.of(frame))  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as name:
        parts = StoredRows(Path(name), 1_000_000_000)
        spent = []
        for _ in range(RUNS + 1):
            began = time.process_time()
            parts.write(encoded, {}, 0)
            spent.append(time.process_time() - began)
    _told("500,000 encoded rows of 20 columns, written", 500_000, RUNS, spent[1:])


def _each(work: Any, count: int) -> float:
    """Seconds a piece: those of a quarter of the work taken from those of all of it."""
    few = max(1, count // 4)
    return (work(count) - work(few)) / (count - few)


def _told(what: str, size: int, count: int, spent: list[float]) -> None:
    print(f"| {what} | {count} | {spread(spent)} | {sorted(spent)[len(spent) // 2] * 1000 / size:.4f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
