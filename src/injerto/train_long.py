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
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from injerto.artifact.account import LEFT_OUT, UNLABELLED, UNREADABLE, account_of
from injerto.artifact.artifact import Artifact
from injerto.errors import OutputError, SchemaError
from injerto.examples import examples_of
from injerto.features.declared import features_of
from injerto.features.feature import Feature
from injerto.features.fitted import fit_features
from injerto.features.levels import LevelsFeature
from injerto.features.tally import Counted, Tally
from injerto.heads import HEADS
from injerto.heads.vector_head import VectorHead
from injerto.learning.division import Division, divide
from injerto.learning.fit import Fit
from injerto.learning.fit_stored import fit_stored
from injerto.learning.stored_rows import Encoded, StoredRows
from injerto.learning.teaching import Teaching
from injerto.network import Network
from injerto.planting import plant, scions_of, widen
from injerto.progress import Progress
from injerto.schema.schema import Schema
from injerto.table.long_table import LongTable
from injerto.table.table import Table
from injerto.train_rows import Learned
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


def divide_long(long: LongTable, schema: Schema, progress: Progress) -> Division:
    """The sample divided as any table; of the other rows teach all that know nothing of those that judge."""
    division = divide(long.sample, schema, progress)
    drawn = f"{len(long.sample):,} of {len(long):,} rows were drawn at random and divided."
    reason = f"{drawn} {division.rows.reason} {_others(schema)}"
    return replace(division, rows=replace(division.rows, reason=reason))


def _others(schema: Schema) -> str:
    """Which rows outside of the sample teach, in a sentence."""
    split = schema.split
    if split.column is not None:
        return f"Of all others, those teach that '{split.column}' names."
    if split.grouping is None and split.time is None:
        return "All others teach, too."
    if split.grouping is None:
        return f"Of all others, those teach that are earlier by '{split.time}' than all that judge."
    if split.time is None:
        return "Of all others, those teach that are of groups which judge nothing."
    earlier = f"earlier by '{split.time}' than all that judge"
    return f"Of all others, those teach that are {earlier}, and of groups which judge nothing."


def long_account(artifact: Artifact, long: LongTable) -> dict[str, int]:
    """As `account_of`, of all rows: those that were stored teach, those of the sample judge."""
    stored, rows = artifact.histories[0].notes["stored"], artifact.rows
    sample = account_of(artifact, long.sample)
    judges = {name: sample[name] for name in ("tune", "test")}
    unlabelled = stored["unlabelled"] + len(rows.tune) + len(rows.test) - sum(judges.values())
    used = {"train": stored["rows"]} | judges | {UNREADABLE: 0, UNLABELLED: unlabelled}
    return {"rows": len(long)} | used | {LEFT_OUT: len(long) - sum(used.values())}


def learned_long(long: LongTable, schema: Schema, division: Division, work: Path | None, progress: Progress) -> Learned:
    """Features counted on every row that teaches, and the network that learned from them; `division` is that of the sample."""
    sample, teaching = long.sample, Teaching(schema, long.sample, division)
    taught = sample.take(division.rows.train)
    with _place(work) as place:
        started = time.perf_counter()
        features = counted(long, schema, taught, teaching, place, progress)
        scions = scions_of(schema)
        widen(features, scions)
        heads = [HEADS[options.kind](name, options).fit(taught.column(name)) for name, options in schema.targets.items()]
        with torch.random.fork_rng():
            torch.manual_seed(schema.training.seed)
            network = Network(features, heads, {})
        plant(network, scions, progress)
        begun = time.perf_counter()
        stored = stored_rows(long, network, teaching, place / "rows", schema.training.seed, progress)
        seconds = {"counting": round(begun - started, 1), "encoding": round(time.perf_counter() - begun, 1)}
        examples = examples_of(network, sample, cache=None, progress=progress)
        examples.labels = {name: head.encode(head.column(sample)) for name, head in network.targets.items()}
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
