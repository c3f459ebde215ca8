"""The fast path: vectors of all files of a column from a frozen backbone, each file read once and computed once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from injerto.backbones.backbone import Backbone
from injerto.backbones.cache import VectorCache
from injerto.backbones.crew import Look
from injerto.backbones.engine import Engine
from injerto.backbones.engines import EngineName, engine_of
from injerto.backbones.fingerprint import fingerprint
from injerto.backbones.harvest import Harvest
from injerto.backbones.recall import Recall
from injerto.features.feature import MediaFeature
from injerto.large_array import large_array
from injerto.progress import Progress, Silent
from injerto.table.column import Column
from injerto.table.ledger import Ledger
from injerto.table.media import media_name


@dataclass(frozen=True)
class Vectors:
    """What came out for N cells. A row of `values` is NaN where the cell was empty or could not be read."""

    values: Tensor
    """(N,C) float32."""
    readable: np.ndarray
    """(N,) bool."""
    empty: np.ndarray
    """(N,) bool: cells that hold nothing, which is no fault."""
    ledger: Ledger
    computed: int
    """Files the network looked at; the others came from the cache or are copies of each other."""
    seconds: float
    engine: str


def extract(
    feature: MediaFeature,
    column: Column,
    backbone: Backbone,
    *,
    engine: EngineName = "auto",
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Vectors:
    """Vectors of every cell of `column`; what cannot be read is in the ledger with its reason.

    The same file gives the same vector to the last bit, whatever rows stand beside it and whether it was cached or not.
    """
    started, progress = time.perf_counter(), progress or Silent()
    chosen = engine_of(engine)
    values = vectors_of(len(column), backbone.width, None if cache is None else cache.file.parent)
    empty = column.values.is_null().to_numpy()
    weights = "" if cache is None else fingerprint(backbone)  # tells vectors of other weights apart, where any are kept
    recall = Recall(cache, space_of(weights, feature, chosen), column)
    with progress.step(f"looking at {column.name}", int((~empty).sum())) as step:
        done = recall.fill(values, np.flatnonzero(~empty))
        step.advance(int(done.sum()))
        todo = np.flatnonzero(~empty & ~done)
        if cache is not None and cache.crew is not None and len(todo):
            reasons = cache.crew.gather(Look(feature, backbone, engine, recall), todo, values, step)
            computed = len(todo) - len(reasons)
        else:
            harvest = Harvest(feature, column, backbone, chosen, recall, step)
            harvest.gather(todo, values)
            reasons, computed = harvest.reasons, harvest.computed
    if cache is not None and cache.trouble:
        progress.say(cache.trouble)
    ledger = Ledger()
    for row, reason in sorted(reasons.items()):
        ledger.add(column.row(row), column.name, media_name(column.cell(row)), reason)
    readable = ~empty
    readable[list(reasons)] = False
    seconds = time.perf_counter() - started
    return Vectors(torch.from_numpy(values), readable, empty, ledger, computed, seconds, chosen.name)


def vectors_of(rows: int, width: int, folder: Path | None) -> np.ndarray:
    """Room for the vectors (rows,width) of files, NaN all of them; in `folder` where they are too large for memory.

    *Raises* OutputError when its disk is too full.
    """
    return large_array((rows, width), np.nan, f"Vectors of {rows:,} files", folder)


def space_of(weights: str, feature: MediaFeature, engine: Engine) -> str:
    """All that a vector depends on besides its file: the fingerprint of the weights, how cells are read, the engine."""
    return f"{weights}|{feature.transform}|{engine.name}"
