"""Train: the whole flow on one page. A table and a schema in, a trained model with its honest score out."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from injerto.artifact.account import account_of, account_words, lines_of, long_account, unused_rows
from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import contents_of
from injerto.artifact.touches import first_look
from injerto.backbones.cache import VectorCache
from injerto.backbones.memory import keep_memory
from injerto.learning.division import divide
from injerto.learning.resume import claim
from injerto.learning.teaching import divide_long
from injerto.progress import Progress, Silent
from injerto.schema.check import check
from injerto.schema.schema import Schema
from injerto.table.long_table import LongTable
from injerto.table.table import Table
from injerto.train_individuals import train_individuals
from injerto.train_long import learned_long, require_scalars
from injerto.train_points import train_points
from injerto.train_rows import train_rows


def train(
    table: Table | LongTable,
    schema: Schema,
    *,
    work: Path | None = None,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
    doubts: bool = True,
) -> Artifact:
    """Learn what `schema` declares from `table`; one too long for memory is read piece by piece and judged by a sample.

    `work` is a folder for checkpoints: the same call after a kill goes on where the run was. `cache` keeps vectors of files.
    Without `doubts` no labels of classes and numbers are looked at for errors.

    *Raises* SchemaError with every problem that stands in the way; TrainingError when the rows cannot teach the target.
    """
    progress, started = progress or Silent(), time.perf_counter()
    keep_memory()
    long = table if isinstance(table, LongTable) else None
    rows = table.sample  # what judges and is shown and, of a table that fits into memory, what teaches
    if long is not None:
        require_scalars(schema)
    found = check(schema, rows, quick=True)
    found.raise_errors()
    for problem in found.warnings:
        progress.say(f"Warning: {problem.message}")
    claim(work, table, schema, progress)
    division = divide(rows, schema, progress, work) if long is None else divide_long(long, schema, progress)
    progress.say(division.rows.reason)
    if schema.points is not None:
        artifact = train_points(rows, schema, division, started=started, work=work, progress=progress)
    elif schema.individual is not None:
        artifact = train_individuals(rows, schema, division, started=started, work=work, progress=progress)
    else:
        learn = None if long is None else partial(learned_long, long)
        artifact = train_rows(
            rows, schema, division, started=started, work=work, cache=cache, progress=progress, doubts=doubts, learn=learn
        )
    artifact.facts |= {
        "table": table.name,
        "rows": len(table),
        "sample": None if long is None else len(rows),
        "digest": table.digest(),
        "seconds": round(time.perf_counter() - started, 1),
        "split": artifact.rows.reason,
    }
    artifact.unused = unused_rows(artifact, rows)
    artifact.facts["account"] = account_of(artifact, rows) if long is None else long_account(artifact, long)
    artifact.lines = lines_of(artifact, rows)
    progress.say(account_words(artifact.facts["account"]))
    artifact.contents = contents_of(artifact.schema, rows)
    artifact.looks = first_look(artifact)
    return artifact
