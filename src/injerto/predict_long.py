"""Predict a table that is too long for memory: piece by piece into a file, and on from where a killed run was."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from injerto.answer_parts import AnswerParts
from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.predict import predict
from injerto.progress import Progress, Silent
from injerto.reference.unlike import Flagged
from injerto.table.long_table import LongTable
from injerto.told import Told
from injerto.version import __version__

JUDGED = 50_000
"""Rows that say how unlike those of training the table is, where not every row is to say so."""


def predict_long(
    artifact: Artifact,
    table: LongTable,
    out: Path,
    *,
    max_error: float | None = None,
    coverage: float | None = None,
    unlike: bool = False,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Told:
    """Answer every row into `out` (.csv, .tsv or .parquet), and say what `predict` says of them.

    Without `unlike`, how unlike those of training the rows are is told of a sample of them.

    *Raises* as `predict` does; OutputError when the disk is full. The same call goes on behind the last piece it wrote.
    """
    progress = progress or Silent()
    parts = AnswerParts(out, _identity(artifact, table, max_error, coverage, unlike))
    first = parts.count
    if first:
        progress.say("Goes on where an earlier run of the same command was stopped.")
    with progress.step("answering", len(table)) as bar:
        for number, piece in enumerate(table.pieces(first), start=first):
            found = predict(artifact, piece, max_error=max_error, coverage=coverage, strangeness=unlike, cache=cache)
            found = found.with_unlike() if unlike else found
            parts.add(number, found.frame, found.told)
            bar.advance(len(piece))
    of_sample = None if unlike or artifact.reference is None else _unlike_of_sample(artifact, table, cache)
    told = parts.join()
    told.unlike = told.unlike or of_sample
    return told


def _unlike_of_sample(artifact: Artifact, table: LongTable, cache: VectorCache | None) -> Flagged | None:
    """How many rows of a sample are unlike those of training."""
    places = np.arange(0, len(table.sample), -(-len(table.sample) // JUDGED))
    found = predict(artifact, table.sample.take(places), cache=cache).unlike
    return None if found is None else found.counts


def _identity(artifact: Artifact, table: LongTable, *options: object) -> str:
    """What answers depend on: the weights, the rows, the options."""
    known = hashlib.blake2b(digest_size=16)
    for name, values in sorted(artifact.network.state_dict().items()):
        known.update(name.encode())
        known.update(values.contiguous().numpy().tobytes())
    known.update(f"{table.digest()} {options} {__version__}".encode())
    return known.hexdigest()
