"""Predict a table that is too long for memory: piece by piece into a file, and on from where a killed run was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from injerto.answer_parts import AnswerParts
from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.predict import Predictions, predict
from injerto.progress import Progress, Silent
from injerto.reference.unlike import Flagged
from injerto.table.long_table import LongTable
from injerto.table.table import Table
from injerto.told import Told
from injerto.version import __version__

Answer = Callable[[Iterable[Table]], Iterator[Predictions]]
"""Answers to tables that follow each other, part by part and in order; the parts need not be the tables."""
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
    answer: Answer | None = None,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Told:
    """Answer every row into `out` (.csv, .tsv or .parquet), and say what `predict` says of them.

    Without `unlike`, how unlike those of training the rows are is told of a sample of them. `answer` answers elsewhere.

    *Raises* as `predict` does; OutputError when the disk is full. The same call goes on behind the last row it wrote.
    """
    progress = progress or Silent()
    answer = answer or partial(_here, artifact, max_error, coverage, unlike, cache)
    parts = AnswerParts(out, _identity(artifact, table, max_error, coverage, unlike))
    if parts.count:
        progress.say("Goes on where an earlier run of the same command was stopped.")
    with progress.step("answering", len(table)) as bar:
        bar.advance(parts.rows)
        for found in answer(table.rows_from(parts.rows)):
            whole = found.with_unlike() if unlike else replace(found, unlike=None)
            parts.add(whole.frame, whole.told)
            bar.advance(len(found.frame))
    of_sample = None if unlike or artifact.reference is None else _unlike_of_sample(artifact, table, cache)
    told = parts.join()
    told.unlike = told.unlike or of_sample
    return told


def _here(
    artifact: Artifact,
    max_error: float | None,
    coverage: float | None,
    unlike: bool,
    cache: VectorCache | None,
    pieces: Iterable[Table],
) -> Iterator[Predictions]:
    for piece in pieces:
        yield predict(artifact, piece, max_error=max_error, coverage=coverage, strangeness=unlike, cache=cache)


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
