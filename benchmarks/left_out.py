"""What benchmarks of files with a part left out share: learn from the other rows, then ask the rows left out."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from injerto.schema.schema import Input, Mode, Schema, Split, Target, Training
from injerto.table.table import Table
from injerto.train_model import train


@dataclass(frozen=True)
class Asked:
    """How a model did on the rows left out, which of its runs it kept, and the seconds it took to train."""

    accuracy: float
    kept: str
    seconds: float


def of_sounds(
    sound: str, target: str, *, group: str, backbone: str, mode: Mode = "probe", seed: int = 0, background: str | None = None
) -> Schema:
    """One column of sounds for one class; all rows that are given teach and tune, those of a `group` on one side."""
    return Schema(
        targets={target: Target(kind="class")},
        inputs={sound: Input(kind="sound", backbone=backbone)},
        split=Split(group=group, test_share=0.0),
        training=Training(mode=mode, seed=seed, background=background),
    )


def leave_out(table: Table, column: str, value: object, schema: Schema) -> Asked:
    """Train on the rows whose `column` is not `value`; accuracy of the only target on the others."""
    apart = (table.frame[column] == value).to_numpy()
    started = perf_counter()
    model = train(table.take(np.flatnonzero(~apart)), schema=schema)
    seconds = perf_counter() - started
    rows = table.take(np.flatnonzero(apart))
    (target,) = schema.targets
    return Asked(float((model.predict(rows).answers[target] == rows.frame[target]).mean()), model.artifact.chosen, seconds)
