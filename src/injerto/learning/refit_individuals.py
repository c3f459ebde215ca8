"""Once more from the start, on the tune rows too: they hold a fifth of the photos, and individuals that nothing else shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from injerto.individual_network import IndividualNetwork
from injerto.learning.build_individuals import individual_network
from injerto.learning.choose_detail import named_rows
from injerto.learning.division import Division
from injerto.learning.fit_individuals import checkpoint_of, fit_individuals
from injerto.learning.gallery_of import gallery_of
from injerto.learning.history import History
from injerto.learning.seen import seen
from injerto.learning.start_marks import start_marks
from injerto.photos import Photos
from injerto.progress import Progress
from injerto.schema.schema import Schema
from injerto.table.table import Table

REFIT = "refit"
_ROOM = 1.4
"""Times what the first run took: there are more rows, and marks are started again."""


def refit_individuals(
    judged: IndividualNetwork,
    history: History,
    table: Table,
    schema: Schema,
    division: Division,
    photos: Photos,
    *,
    work: Path | None,
    left: float | None,
    progress: Progress,
) -> IndividualNetwork:
    """A network that learned from all rows that do not test, for as many epochs; `judged` itself where the budget is used up.

    Its decision, and how sure the other targets are, stay those of `judged`, which had not seen the rows they were fitted on.
    """
    if left is not None and left < _ROOM * history.seconds:
        history.notes[REFIT] = "left out: the budget was used up"
        return judged
    rows = division.rows
    both = np.sort(np.concatenate([rows.train, rows.tune]))
    whole = Division(replace(rows, train=both, tune=rows.tune[:0]), division.unit)
    network = individual_network(table, schema, both, judged.trunk.detail)
    photos.labels = {name: head.encode(head.column(table)) for name, head in network.targets.items()}
    if work is None or not checkpoint_of(work, REFIT).exists():
        start_marks(network, photos, named_rows(network, photos, whole), schema.training.seed, progress)
    training = schema.training.model_copy(update={"epochs": len(history.epochs)})
    again = fit_individuals(network, photos, whole, training, name=REFIT, work=work, budget_seconds=None, progress=progress)
    history.notes[REFIT] = {"rows": len(both), "epochs": len(again.epochs), "seconds": round(again.seconds, 1)}
    network.head.decision = judged.head.decision
    for name, head in network.others.items():
        mine, its = dict(head.named_buffers()), dict(judged.others[name].named_buffers())
        for key in mine.keys() & its.keys():
            mine[key].copy_(its[key])
    shown = torch.from_numpy(both[photos.usable[both]])
    vectors = seen(network, photos, shown, progress)[network.head.name]
    network.head.gallery = gallery_of(network, table.take(shown.numpy()), photos, shown, vectors).gallery
    return network
