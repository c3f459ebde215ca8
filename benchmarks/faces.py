"""Fifteen points on faces, people left out a fifth at a time: how far off, whether circles hold what they promise, how fast.

    python benchmarks/faces.py
    python benchmarks/faces.py --head simcc --folds 0 1
    python benchmarks/faces.py --rows complete --folds 0 1

Nothing is chosen with the people left out. `--rows complete` learns from rows with all points alone; the folds are the same.
`--annotators` makes a second annotator up, who places every point of half of the people 3 pixels to the right and 2 down; the
model is told who placed them, or not.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from time import perf_counter

import numpy as np
import polars as pl
import torch
from machine import machine

from injerto.learning.division import Division
from injerto.learning.frozen_points import frozen_points
from injerto.model import Model
from injerto.photos import photos_of
from injerto.progress import Silent
from injerto.schema.infer_points import TARGET
from injerto.schema.schema import Schema
from injerto.schema.wishes import Wishes, declare
from injerto.table.groups import codes_of
from injerto.table.split import Rows
from injerto.table.table import Table
from injerto.train_model import train
from injerto.train_points import point_network

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "faces"
FOLDS = 5
WHO = "annotator"


@dataclass(frozen=True)
class Fold:
    """What one fifth of the people showed."""

    figures: dict[str, float]
    mean_place: float
    ridge: float
    learn_seconds: float
    epoch_seconds: float
    photos_a_second: float


def main() -> None:
    """Train, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", nargs="+", type=int, default=list(range(FOLDS)))
    parser.add_argument("--head", default="heatmap", choices=["heatmap", "simcc", "regression"])
    parser.add_argument("--rows", default="all", choices=["all", "complete"])
    parser.add_argument("--annotators", default="one", choices=["one", "two, told", "two, untold"])
    parser.add_argument("--epochs", type=int, default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    faces = Table.read(chosen.data / "faces.csv")
    if chosen.annotators != "one":
        faces = of_two_annotators(faces)
    names = (
        "people left out",
        "RMSE px",
        "mean place",
        "ridge",
        "in circle",
        "radius px",
        "seconds to learn",
        "an epoch",
        "photos/s",
    )
    print(f"{machine()}\n\n| {' | '.join(names)} |\n|{'---|' * len(names)}")
    found = []
    for fold in chosen.folds:
        found.append(leave_out(faces, fold, chosen))
        print(f"| fifth {fold} | {_cells(found[-1])} |", flush=True)
    whole = Fold(
        {name: mean(one.figures[name] for one in found) for name in found[0].figures},
        *(mean(values) for values in zip(*(tuple(vars(one).values())[1:] for one in found), strict=True)),
    )
    print(f"| mean | {_cells(whole)} |")


def leave_out(faces: Table, fold: int, chosen: argparse.Namespace) -> Fold:
    """Learn from the people of the other folds, then ask the rows of this one."""
    people = np.array(sorted(faces.frame["person"].unique().to_list()))
    np.random.default_rng(0).shuffle(people)
    of_fold = {str(person): place % FOLDS for place, person in enumerate(people)}
    folds = np.array([of_fold[str(person)] for person in faces.frame["person"]])
    teaching = folds != fold
    if chosen.rows == "complete":
        teaching &= np.array([None not in row for row in faces.frame.rows()])
    teach, ask = np.flatnonzero(teaching), np.flatnonzero(folds == fold)
    table = faces.take(teach)
    started = perf_counter()
    model = train(table, schema=schema_of(table, chosen))
    seconds = perf_counter() - started
    rows = faces.take(ask)
    score = model.evaluate(rows).targets[TARGET].figures
    epochs = model.artifact.histories[0].epochs
    ridge = ridge_error(faces, teach, ask, schema_of(table, chosen))
    epoch_seconds = mean(epoch.seconds for epoch in epochs)
    return Fold(score, mean_place(model, rows), ridge, seconds, epoch_seconds, pace(model, rows))


def schema_of(table: Table, chosen: argparse.Namespace) -> Schema:
    """All rows that are given teach and tune; a person's rows stay together."""
    source = WHO if chosen.annotators == "two, told" else None
    drafted = declare(table, Wishes(keypoints=True, group="person", seed=chosen.seed, source=source))
    target = drafted.targets[TARGET].model_copy(update={"head": chosen.head})
    return drafted.model_copy(
        update={
            "targets": {TARGET: target},
            "split": drafted.split.model_copy(update={"test_share": 0.0}),
            "training": drafted.training.model_copy(update={"epochs": chosen.epochs}),
        }
    )


def of_two_annotators(faces: Table) -> Table:
    """Every second person's points moved, and a column that says whose they are."""
    people = sorted(faces.frame["person"].unique().to_list())
    moved = pl.col("person").is_in(people[::2])
    shifts = [
        pl.when(moved).then(pl.col(name) + shift).otherwise(pl.col(name)).alias(name)
        for name in faces.columns
        for axis, shift in (("_x", 3.0), ("_y", 2.0))
        if name.endswith(axis)
    ]
    who = pl.when(moved).then(pl.lit("second")).otherwise(pl.lit("first")).alias(WHO)
    return replace(faces, frame=faces.frame.with_columns(*shifts, who))


def mean_place(model: Model, rows: Table) -> float:
    """The error of always answering the mean place of the training rows."""
    head = next(iter(model.artifact.network.targets.values()))
    column = head.column(rows)
    guess, truth = head.placed(head.baseline(len(rows)), rows).numpy(), head.truth(column).value.numpy()
    return float(np.sqrt(np.nanmean(np.square(guess[:, :, :2] - truth[:, :, :2]))))


def ridge_error(faces: Table, teach: np.ndarray, ask: np.ndarray, schema: Schema) -> float:
    """The error of a ridge on frozen features that the rows at `teach` taught, on those at `ask`."""
    rows = Rows(train=teach, tune=np.array([], dtype=np.int64), test=ask, reason="")
    division = Division(rows, codes_of(faces.column("person").values))
    network = point_network(faces, schema, division)
    photos = photos_of(network, faces, progress=Silent())
    head = network.head
    column = head.column(faces)
    photos.labels = {head.name: head.encode(column)}
    found = frozen_points(network, photos, division, seed=0, progress=Silent())
    assert found is not None
    unknown = torch.full((len(faces), len(head.points), 3), torch.nan)
    told = head.placed(torch.cat([found.xy_unit, unknown], dim=2), faces).numpy()
    apart = told[ask, :, :2] - head.truth(column).value.numpy()[ask, :, :2]
    return float(np.sqrt(np.nanmean(np.square(apart))))


def pace(model: Model, rows: Table) -> float:
    """Photos a second, from files to answers, the second time."""
    model.predict(rows)
    started = perf_counter()
    model.predict(rows)
    return len(rows) / (perf_counter() - started)


def _cells(fold: Fold) -> str:
    figures = fold.figures
    return (
        f"{figures['rmse_px']:.3f} | {fold.mean_place:.2f} | {fold.ridge:.2f} | "
        f"{figures['in_circle']:.3f} | {figures['radius_px']:.2f} | "
        f"{fold.learn_seconds:.0f} | {fold.epoch_seconds:.1f} | {fold.photos_a_second:.0f}"
    )


if __name__ == "__main__":
    main()
