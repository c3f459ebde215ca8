"""Injerto with its defaults; the schema says no more than each column's kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import torch
from peers_door import Job, serve

from injerto.predict import predict
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.table import Table
from injerto.train import train


def answer(job: Job) -> np.ndarray:
    """Train on the training rows, stop by the tune rows, and learn once more from both where the time allows."""
    torch.set_num_threads(job.threads)
    kinds = dict.fromkeys(job.numbers, "number") | dict.fromkeys(job.categories, "category") | dict.fromkeys(job.dates, "date")
    schema = Schema(
        inputs={name: Input(kind=kind) for name, kind in kinds.items()},
        targets={job.target: Target(kind=job.kind)},
        split=Split(column="part"),
        training=Training(seed=job.seed, budget_seconds=job.seconds),
    )
    parts = {"train": job.train, "tune": job.tune}
    table = pl.from_pandas(pd.concat([frame.assign(part=part) for part, frame in parts.items()], ignore_index=True))
    artifact = train(Table.of(table), schema)
    said = predict(artifact, Table.of(pl.from_pandas(job.test[job.inputs]))).answers
    if job.kind == "number":
        return said[job.target].to_numpy()
    return said[next(name for name in said.columns if name.endswith("1") and said[name].dtype.is_float())].to_numpy()


if __name__ == "__main__":
    serve(answer, ["injerto", "torch"])
