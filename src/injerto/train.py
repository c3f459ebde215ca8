"""Train: the whole flow on one page. A table and a schema in, a trained model with its honest score out."""

from __future__ import annotations

import time
from pathlib import Path

from injerto.artifact.account import account_of, account_words, lines_of, unused_rows
from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import contents_of
from injerto.artifact.touches import first_look
from injerto.backbones.cache import VectorCache
from injerto.backbones.memory import keep_memory
from injerto.learning.division import divide
from injerto.learning.resume import claim
from injerto.progress import Progress, Silent
from injerto.schema.check import check
from injerto.schema.schema import Schema
from injerto.table.table import Table
from injerto.train_individuals import train_individuals
from injerto.train_points import train_points
from injerto.train_rows import train_rows


def train(
    table: Table,
    schema: Schema,
    *,
    work: Path | None = None,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
    doubts: bool = True,
) -> Artifact:
    """Learn what `schema` declares from `table`.

    `work` is a folder for checkpoints: the same call after a kill goes on where the run was. `cache` keeps vectors of files.
    Without `doubts` no labels of classes and numbers are looked at for errors.

    *Raises* SchemaError with every problem that stands in the way; TrainingError when the rows cannot teach the target.
    """
    progress, started = progress or Silent(), time.perf_counter()
    keep_memory()
    found = check(schema, table, quick=True)
    found.raise_errors()
    for problem in found.warnings:
        progress.say(f"Warning: {problem.message}")
    claim(work, table, schema, progress)
    division = divide(table, schema, progress)
    progress.say(division.rows.reason)
    if schema.points is not None:
        artifact = train_points(table, schema, division, started=started, work=work, progress=progress)
    elif schema.individual is not None:
        artifact = train_individuals(table, schema, division, started=started, work=work, progress=progress)
    else:
        artifact = train_rows(
            table, schema, division, started=started, work=work, cache=cache, progress=progress, doubts=doubts
        )
    artifact.facts |= {
        "table": table.name,
        "rows": len(table),
        "digest": table.digest(),
        "seconds": round(time.perf_counter() - started, 1),
        "split": artifact.rows.reason,
    }
    artifact.unused = unused_rows(artifact, table)
    artifact.facts["account"] = account_of(artifact, table)
    artifact.lines = lines_of(artifact, table)
    progress.say(account_words(artifact.facts["account"]))
    artifact.contents = contents_of(artifact.schema, table)
    artifact.looks = first_look(artifact)
    return artifact
