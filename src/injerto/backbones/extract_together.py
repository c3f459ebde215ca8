"""Vectors of all files of a column, where several processes look at a part of them each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from injerto.backbones.backbone import Backbone
from injerto.backbones.cache import VectorCache
from injerto.backbones.engines import EngineName
from injerto.backbones.frozen import Vectors, extract, vectors_of
from injerto.features.feature import MediaFeature
from injerto.progress import Progress
from injerto.table.column import Column
from injerto.table.ledger import Ledger
from injerto.together import Task, done_by_all, place, processes


def extract_together(
    feature: MediaFeature,
    column: Column,
    backbone: Backbone,
    *,
    engine: EngineName = "auto",
    cache: VectorCache | None,
    progress: Progress,
) -> Vectors:
    """As `extract`. Each process keeps what it computed in the cache of its own machine, and the first is told of all of it."""
    if processes() == 1 or len(column) < processes():
        return extract(feature, column, backbone, engine=engine, cache=cache, progress=progress)
    task = _Look(feature, column, backbone, engine, cache.file.parent if cache is not None else None)
    parts = done_by_all(task, lambda: task.own(cache, progress))
    return _joined(parts, task.folder)


@dataclass
class _Look(Task):
    feature: MediaFeature
    column: Column
    backbone: Backbone
    engine: EngineName
    folder: Path | None

    def help(self) -> Vectors:
        if self.folder is None:
            return self.own(None, None)
        with VectorCache(self.folder) as cache:
            return self.own(cache, None)

    def own(self, cache: VectorCache | None, progress: Progress | None) -> Vectors:
        """Of the rows that this process looks at."""
        mine = self.column.take(np.arange(place(), len(self.column), processes()))
        return extract(self.feature, mine, self.backbone, engine=self.engine, cache=cache, progress=progress)


def _joined(parts: list[Vectors], folder: Path | None) -> Vectors:
    """Rows of all parts in their order in the column, of which each part holds every `len(parts)`-th."""
    count, step = sum(len(part.values) for part in parts), len(parts)
    values = torch.from_numpy(vectors_of(count, parts[0].values.shape[1], folder))
    readable, empty = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    for first, part in enumerate(parts):
        values[first::step] = part.values
        readable[first::step], empty[first::step] = part.readable, part.empty
    ledger = Ledger()
    ledger.extend(sorted((entry for part in parts for entry in part.ledger), key=lambda entry: entry.row))
    computed, seconds = sum(part.computed for part in parts), max(part.seconds for part in parts)
    return Vectors(values, readable, empty, ledger, computed, seconds, parts[0].engine)
