"""Train: the whole flow on one page. A table and a schema in, a trained model with its honest score out."""

from __future__ import annotations

import time
from pathlib import Path

import torch

from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.backbones.memory import keep_memory
from injerto.backbones.suited import backbone_names, suited
from injerto.backbones.weights import load
from injerto.examples import Examples, examples_of
from injerto.features.declared import features_of
from injerto.features.fitted import fit_features
from injerto.heads import HEADS
from injerto.learning.division import divide
from injerto.learning.fit import Fit
from injerto.learning.resume import claim
from injerto.network import Network
from injerto.planting import plant, scions_of, widen
from injerto.progress import Progress, Silent
from injerto.schema.check import check
from injerto.schema.schema import Schema
from injerto.scores import scores_of
from injerto.table.table import Table


def train(
    table: Table,
    schema: Schema,
    *,
    work: Path | None = None,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Artifact:
    """Learn what `schema` declares from `table`.

    `work` is a folder for checkpoints: the same call after a kill goes on where the run was. `cache` keeps vectors of files.

    *Raises* SchemaError with every problem that stands in the way; TrainingError when the rows cannot teach the target.
    """
    progress, started = progress or Silent(), time.perf_counter()
    keep_memory()
    found = check(schema, table, quick=True)
    found.raise_errors()
    for problem in found.warnings:
        progress.say(f"Warning: {problem.message}")
    scions = scions_of(schema)
    claim(work, table, schema, progress)
    division = divide(table, schema, progress)
    rows = division.rows
    progress.say(rows.reason)
    features = fit_features([suited(feature) for feature in features_of(schema.inputs)], table.take(rows.train))
    widen(features, scions)
    heads = [
        HEADS[options.kind](name, options).fit(table.column(name).take(rows.train)) for name, options in schema.targets.items()
    ]
    with torch.random.fork_rng():
        torch.manual_seed(schema.training.seed)  # the first weights, too, follow from the seed
        network = Network(features, heads, {name: load(name) for name in backbone_names(features)})
    plant(network, scions, progress)
    examples = examples_of(network, table, cache=cache, progress=progress)
    examples.labels = {name: head.encode(table.column(name)) for name, head in network.targets.items()}
    fitted = Fit(network, examples, division, schema.training, work, progress).go(table)
    artifact = Artifact(schema, network, rows, fitted.histories, fitted.chosen, ledger=examples.ledger)
    artifact.scores, artifact.evidence = scores_of(
        artifact, table, judged(artifact, table, examples, cache, progress), progress
    )
    artifact.facts = {
        "table": table.name,
        "rows": len(table),
        "digest": table.digest(),
        "seconds": round(time.perf_counter() - started, 1),
        "split": rows.reason,
    }
    return artifact


def judged(artifact: Artifact, table: Table, examples: Examples, cache: VectorCache | None, progress: Progress) -> Examples:
    """The examples as the finished network sees them: fine-tuned layers make vectors of their own."""
    if artifact.chosen != "finetune":
        return examples
    return examples_of(artifact.network, table, cache=cache, progress=progress)
