"""Fine marks or loose ones: fine and coarse ones are read from frozen maps, and what finds more tune rows again decides.

Fine marks win where animals lie alike on all photos. Where coarse ones do, a mark is seldom where it was on another photo, and
it is loose marks that are trained: they learn from a start that says nothing yet, so that it cannot be asked.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from injerto.errors import TrainingError
from injerto.gallery.precision import average_precision
from injerto.heads.individual_column import asked_in, names_in
from injerto.individual_network import IndividualNetwork
from injerto.learning.build_individuals import individual_network
from injerto.learning.division import Division
from injerto.learning.fit_individuals import checkpoint_of
from injerto.learning.gallery_of import gallery_of
from injerto.learning.seen import seen
from injerto.learning.start_marks import start_marks
from injerto.photos import Photos
from injerto.progress import Progress
from injerto.schema.schema import Detail, Schema
from injerto.table.table import Table
from injerto.whole_file import write_whole


def started_network(
    first: IndividualNetwork,
    table: Table,
    schema: Schema,
    division: Division,
    photos: Photos,
    work: Path | None,
    progress: Progress,
) -> IndividualNetwork:
    """`first`, or one of another detail, with marks started: the one that finds tune rows again before anything is learned.

    What was chosen is noted in `work`, so that a run that was killed goes on with it.
    """
    note = None if work is None else work / "detail.json"
    declared = schema.individual[1].detail if schema.individual is not None else None
    chosen = json.loads(note.read_text(encoding="utf-8")) if note is not None and note.is_file() else declared
    if chosen is not None and work is not None and checkpoint_of(work).exists():
        return first if chosen == first.trunk.detail else individual_network(table, schema, division.rows.train, chosen)
    rows = named_rows(first, photos, division)
    details: list[Detail] = [chosen] if chosen is not None else ["fine", "coarse"]
    found: list[tuple[float, IndividualNetwork]] = []
    for detail in details:
        network = first if detail == first.trunk.detail else individual_network(table, schema, division.rows.train, detail)
        start_marks(network, photos, rows, schema.training.seed, progress)
        found.append((found_again(network, table, photos, division, progress) if len(details) > 1 else 0.0, network))
    _, network = max(found, key=lambda one: one[0])
    if len(found) > 1:
        shown = ", ".join(f"{one.trunk.detail} {score:.3f}" for score, one in found)
        told = f"{network.trunk.detail.capitalize()} marks tell more before training (mean average precision: {shown})"
        if network.trunk.detail == "coarse":
            network = individual_network(table, schema, division.rows.train, "loose")
            start_marks(network, photos, rows, schema.training.seed, progress)
            told += ": animals stand otherwise in every photo, so marks are looked for nearby, too"
        progress.say(f"{told}.")
    if note is not None:
        write_whole(note, lambda file: file.write(json.dumps(network.trunk.detail).encode()))
    return network


def named_rows(network: IndividualNetwork, photos: Photos, division: Division) -> Tensor:
    """The training rows (n,) that teach. *Raises* TrainingError when they are fewer than two."""
    rows = torch.from_numpy(division.rows.train)
    rows = rows[torch.from_numpy(photos.usable)[rows] & photos.labels[network.head.name].known[rows]]
    if len(rows) < 2:
        raise TrainingError(
            "No two rows to train with have a readable photo and a name. Fill in names; `injerto check` tells of the photos."
        )
    return rows


def found_again(network: IndividualNetwork, table: Table, photos: Photos, division: Division, progress: Progress) -> float:
    """The mean average precision of the tune rows, looked for among all rows that do not test."""
    train, tune = (torch.from_numpy(part[photos.usable[part]]) for part in (division.rows.train, division.rows.tune))
    both = torch.cat([train, tune])
    vectors = seen(network, photos, both, progress)[network.head.name]
    gallery = gallery_of(network, table.take(both.numpy()), photos, both, vectors).gallery
    column = network.head.column(table.take(tune.numpy()))
    names = names_in(column).to_list()
    precision = average_precision(gallery.index, vectors[len(train) :], asked_in(column), names)
    return float(precision[~precision.isnan()].mean().nan_to_num(0.0)) if len(precision) else 0.0
