"""Fine marks or loose ones: whether animals lie alike on all photos is told by what frozen maps find again of the tune rows.

Fine marks win by far where animals lie alike. Where coarse ones, which know large shapes only, find nearly as much, a mark is
seldom where it was on another photo, and loose marks are trained: they start from nothing, so that they cannot be asked.
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

CLEARLY = 1.25
"""Fine marks must find so many times as much as coarse ones. On aligned heads of whales they name 1.8 times as many first, on
antelopes 0.9 times."""


def started_network(
    first: IndividualNetwork,
    table: Table,
    schema: Schema,
    division: Division,
    photos: Photos,
    work: Path | None,
    progress: Progress,
) -> IndividualNetwork:
    """`first`, or one of another detail, with marks started: as declared, or as tune rows are found again before training.

    What was chosen is noted in `work`, so that a run that was killed goes on with it.
    """
    note = None if work is None else work / "detail.json"
    declared = schema.individual[1].detail if schema.individual is not None else None
    chosen = json.loads(note.read_text(encoding="utf-8")) if note is not None and note.is_file() else declared
    if chosen is not None and work is not None and checkpoint_of(work).exists():
        return first if chosen == first.trunk.detail else individual_network(table, schema, division.rows.train, chosen)
    rows = named_rows(first, photos, division)

    def started(detail: Detail) -> IndividualNetwork:
        network = first if detail == first.trunk.detail else individual_network(table, schema, division.rows.train, detail)
        start_marks(network, photos, rows, schema.training.seed, progress)
        return network

    if chosen is not None:
        network = started(chosen)
    else:
        network = started("fine")
        fine = found_again(network, table, photos, division, progress)
        coarse = found_again(started("coarse"), table, photos, division, progress)
        told = f"mean average precision before training: fine marks {fine:.3f}, coarse ones {coarse:.3f}"
        if fine >= CLEARLY * coarse:
            progress.say(f"Animals lie alike on all photos, so each place of a photo is read by itself ({told}).")
        else:
            progress.say(f"Animals stand otherwise in every photo, so marks are looked for nearby, too ({told}).")
            network = started("loose")
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
