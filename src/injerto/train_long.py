"""Learn from a table that is too long for memory: count it, write it to disk encoded and in random order, train from there.

What judges, calibrates and is shown is a sample of its rows, an ordinary table to which everything else applies.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from injerto.errors import OutputError, SchemaError
from injerto.features.declared import features_of
from injerto.features.feature import Feature
from injerto.features.fitted import fit_features
from injerto.features.levels import LevelsFeature
from injerto.features.tally import Counted, Tally
from injerto.heads.vector_head import VectorHead
from injerto.learning.division import Division
from injerto.learning.fit import Fit
from injerto.learning.fit_stored import fit_stored
from injerto.learning.stored_rows import Encoded, StoredRows
from injerto.learning.teaching import Teaching
from injerto.network import Network
from injerto.progress import Progress
from injerto.schema.schema import Schema
from injerto.table.long_table import LongTable
from injerto.table.table import Table
from injerto.train_rows import Learned, labelled_examples, network_of
from injerto.whole_file import write_whole

TRIED_ROWS = 1_000
"""Rows that are encoded to see how much of the disk all of them will take."""


def require_scalars(schema: Schema) -> None:
    """*Raises* SchemaError where a long table is asked for what only rows in memory can give."""
    files = [name for name, options in schema.inputs.items() if options.kind in ("image", "sound")]
    problems = []
    if files or schema.points is not None or schema.individual is not None:
        what = ", ".join(map(repr, files)) or "the target"
        problems.append(
            f"The table is too long for memory, and {what} needs photos or sounds, whose rows are kept in memory. Give a part "
            "of the rows, or allow more with --memory."
        )
    if schema.split.folds is not None:
        problems.append("Folds need all rows in memory. Leave them out, give a part of the rows, or allow more with --memory.")
    if schema.split.group_seconds is not None:
        problems.append("A group by seconds is for photos, and a table too long for memory has none.")
    if problems:
        raise SchemaError(problems)


def learned_long(long: LongTable, schema: Schema, division: Division, work: Path | None, progress: Progress) -> Learned:
    """Features counted on every row that teaches, and the network that learned from them; `division` is that of the sample."""
    sample, teaching = long.sample, Teaching(schema, long.sample, division)
    taught = sample.take(division.rows.train)
    with _place(work) as place:
        started = time.perf_counter()
        features = counted(long, schema, taught, teaching, place, progress)
        network = network_of(features, schema, taught, progress)
        begun = time.perf_counter()
        stored = stored_rows(long, network, teaching, place / "rows", schema.training.seed, progress)
        seconds = {"counting": round(begun - started, 1), "encoding": round(time.perf_counter() - begun, 1)}
        examples = labelled_examples(network, sample, None, progress)
        fit = Fit(network, examples, division, schema.training, work, progress)
        fitted = fit_stored(fit, stored, sample)
        fitted.histories[0].notes["stored"]["seconds"] = seconds
        return Learned(schema, network, fitted, examples)


@contextmanager
def _place(work: Path | None) -> Iterator[Path]:
    """The run's own folder, or one that goes when the run ends."""
    if work is not None:
        yield work
        return
    folder = Path(tempfile.mkdtemp(prefix="injerto-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def counted(
    long: LongTable, schema: Schema, taught: Table, teaching: Teaching, place: Path, progress: Progress
) -> list[Feature]:
    """Features fitted on `taught`, then settled by one pass over every row that teaches; kept for a run that is killed."""
    features, note = features_of(schema.inputs), place / "features.json"
    if note.is_file():
        states = json.loads(note.read_text(encoding="utf-8"))
        return [feature.restore(states[feature.key]) for feature in features]
    fit_features(features, taught)
    tallies: dict[str, Tally] = {}
    with progress.step("counting", len(long)) as bar:
        for piece in long.pieces():
            rows = piece.take(np.flatnonzero(teaching.of(piece)))
            for feature in features:
                _add(tallies, feature, rows)
            bar.advance(len(piece))
    for words in long.strange_words():
        progress.say(f"Warning: {words}")
    for feature in features:
        assert isinstance(feature, Counted)
        feature.settle(tallies[_owner(feature)])
    states = {feature.key: feature.state() for feature in features}
    write_whole(note, lambda file: file.write(json.dumps(states).encode()))
    return features


def _add(tallies: dict[str, Tally], feature: Feature, rows: Table) -> None:
    """Add what `rows` hold of one feature to the tally of its vocabulary, or to its own."""
    assert isinstance(feature, Counted)
    tally, owner = feature.tally(feature.column(rows)), _owner(feature)
    if owner in tallies:
        tallies[owner].add(tally)
    else:
        tallies[owner] = tally


def _owner(feature: Feature) -> str:
    """What the columns of one vocabulary share, and no other column has."""
    shared = isinstance(feature, LevelsFeature) and feature.options.vocabulary
    return f"vocabulary {shared}" if shared else f"column {feature.key}"


def stored_rows(
    long: LongTable, network: Network, teaching: Teaching, folder: Path, seed: int, progress: Progress
) -> StoredRows:
    """Every row that teaches, encoded, on disk; what a killed run has written is taken up."""
    stored = StoredRows(folder, len(long))
    if stored.done:
        return stored
    require_room(folder, network, long)
    with progress.step("encoding", len(long)) as bar:
        bar.advance(stored.facts.get("seen", 0))
        for piece in long.pieces(stored.pieces):
            some = piece.take(np.flatnonzero(teaching.of(piece)))
            encoded, unlabelled = encoded_rows(network, some)
            facts = {name: stored.facts.get(name, 0) for name in ("seen", "unlabelled")}
            stored.write(encoded, {"seen": facts["seen"] + len(piece), "unlabelled": facts["unlabelled"] + unlabelled}, seed)
            bar.advance(len(piece))
    stored.finish()
    return stored


def encoded_rows(network: Network, rows: Table) -> tuple[Encoded, int]:
    """The rows that have a label, through the one path of training and serving; and how many have none."""
    heads: Sequence[VectorHead] = list(network.targets.values())
    labels = {head.name: head.encode(head.column(rows)) for head in heads}
    known = torch.stack([one.known for one in labels.values()]).any(dim=0)
    scalars = {block.key: block.encode(rows)[known] for block in network.blocks}
    return Encoded(scalars, {name: one.where(known) for name, one in labels.items()}), int((~known).sum())


def require_room(folder: Path, network: Network, long: LongTable) -> None:
    """*Raises* OutputError where the disk cannot take the encoded rows."""
    few, _ = encoded_rows(network, long.sample.take(np.arange(min(TRIED_ROWS, len(long.sample)))))
    needed = few.records().itemsize * len(long)
    near = next(place for place in (folder, *folder.resolve().parents) if place.exists())
    free = shutil.disk_usage(near).free
    if needed > free:
        raise OutputError(
            f"{len(long):,} rows, encoded, take {needed / 1e9:.1f} GB in '{folder}'; the disk has {free / 1e9:.1f} GB free. "
            "Free some space, or choose an --out on another disk."
        )
