"""Train on rows of vectors: what `train.py` does for classes and numbers, from files, table columns or both."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.backbones.suited import backbone_names, suited
from injerto.backbones.weights import load
from injerto.compete import compete
from injerto.cross_validate import try_folds
from injerto.doubt import Witness, doubt
from injerto.draws import seeded
from injerto.evidence.row_places import row_places
from injerto.examples import Examples, examples_of
from injerto.explain.looked_at import show_where
from injerto.features.declared import features_of
from injerto.features.feature import Feature
from injerto.features.fitted import fit_features
from injerto.heads import HEADS
from injerto.learning.anew import from_nothing, worth_starting_anew
from injerto.learning.choice import choose_backbones
from injerto.learning.division import Division
from injerto.learning.fit import Fit, Fitted
from injerto.learning.hear import can_hear, hear
from injerto.learning.plan import seconds_left
from injerto.learning.torn import torn_words
from injerto.network import Network
from injerto.places.address import joined
from injerto.planting import plant, scions_of, widen
from injerto.progress import Progress, Silent
from injerto.reference.fit import fit_answers, fit_reference
from injerto.reference.reference import Reference
from injerto.schema.schema import Schema
from injerto.scores import Answered, answered, scores_of
from injerto.table.split import Rows
from injerto.table.table import Table


def train_rows(
    table: Table,
    schema: Schema,
    division: Division,
    *,
    started: float,
    work: Path | None,
    cache: VectorCache | None,
    progress: Progress,
    doubts: bool,
    learn: Learn | None = None,
) -> Artifact:
    """Learn from vectors of files and table columns; with `learn` from elsewhere, and `table` then judges and is shown."""
    chosen, tried = choose_backbones(table, schema, division, cache, progress)
    best = learn(chosen, division, work, progress) if learn else learned(table, chosen, division, work, cache, progress)
    grafted = best
    left = seconds_left(schema.training, started)
    if tried and worth_starting_anew(best.network, best.fitted, schema.training, left):
        progress.say("What the pretrained networks hear leaves much open: a small network learns from nothing, too.")
        anew = learned(table, from_nothing(schema, left), division, work and work / "anew", cache, progress)
        best = min(best, anew, key=lambda one: one.fitted.loss)
    rows = with_torn_score(best, division, seconds_left(schema.training, started), progress)
    learn_to_hear(best, table, division, seconds_left(schema.training, started), progress)
    artifact = Artifact(best.schema, best.network, rows, best.fitted.histories, best.fitted.chosen)
    artifact.ledger = best.examples.ledger
    examples = judged(best.network, artifact, table, best.examples, cache, progress)
    parts = answered(artifact, examples, progress)
    artifact.scores, artifact.evidence = scores_of(artifact, table, parts, division.unit)
    show_where(artifact, table, examples)
    place_rows(best.network, artifact, table, examples, parts)
    artifact.reference = remembered(best.network, examples, table, division, parts, schema.training.seed)
    if doubts:
        witness = Witness(grafted.network, grafted.examples, grafted.fitted, started, schema.training.budget_seconds)
        doubt(artifact, table, witness, division, parts, progress)
    compete(artifact, table, parts, best.examples, division, progress)
    folded(artifact, table, best, division, cache, time.perf_counter() - started, progress)
    artifact.facts["tried"] = {name: [asdict(trial) for trial in trials] for name, trials in tried.items()}
    return artifact


@dataclass
class Learned:
    """One way to learn the table, come to its end."""

    schema: Schema
    network: Network
    fitted: Fitted
    examples: Examples


Learn = Callable[[Schema, Division, Path | None, Progress], Learned]
"""Another way to learn than from rows in memory."""


def learned(
    table: Table, schema: Schema, division: Division, work: Path | None, cache: VectorCache | None, progress: Progress
) -> Learned:
    """Features and heads fitted on the training rows, and the network that learned from them."""
    taught = table.take(division.rows.train)
    features = fit_features([suited(feature) for feature in features_of(schema.inputs)], taught)
    network = network_of(features, schema, taught, progress)
    examples = labelled_examples(network, table, cache, progress)
    fitted = Fit(network, examples, division, schema.training, work, progress).go(table)
    return Learned(schema, network, fitted, examples)


def network_of(features: Sequence[Feature], schema: Schema, taught: Table, progress: Progress) -> Network:
    """A network of fitted `features` with heads fitted on the rows of `taught`, and with what is planted, before it learns."""
    scions = scions_of(schema)
    widen(features, scions)
    heads = [HEADS[options.kind](name, options).fit(taught.column(name)) for name, options in schema.targets.items()]
    with seeded(schema.training.seed):  # the first weights, too, follow from the seed
        network = Network(features, heads, {name: load(name) for name in backbone_names(features)})
    plant(network, scions, progress)
    return network


def labelled_examples(network: Network, table: Table, cache: VectorCache | None, progress: Progress) -> Examples:
    """The rows of `table` encoded, with their labels."""
    examples = examples_of(network, table, cache=cache, progress=progress)
    examples.labels = {name: head.encode(head.column(table)) for name, head in network.targets.items()}
    return examples


def with_torn_score(best: Learned, division: Division, left: float | None, progress: Progress) -> Rows:
    """The rows; where groups are kept together, their reason goes on with what torn groups would have said."""
    if best.schema.split.group is None or (left is not None and left <= 0):
        return division.rows
    torn = torn_words(best.network, best.examples, division, best.fitted, best.schema.training.seed)
    if not torn:
        return division.rows
    progress.say(torn)
    return replace(division.rows, reason=f"{division.rows.reason} {torn}")


def place_rows(network: Network, artifact: Artifact, table: Table, examples: Examples, parts: Mapping[str, Answered]) -> None:
    """Put where the network sees the rows of the honest score beside what the report shows."""
    first = next(iter(parts.values()), None)
    if first is None:
        return
    found = row_places(network, examples, table, artifact.rows.train, first.rows, first.answers)
    for name, rows in found.items():
        if name in artifact.evidence:
            artifact.evidence[name]["places"] = rows


def learn_to_hear(best: Learned, table: Table, division: Division, left: float | None, progress: Progress) -> None:
    """Give a network of sounds the head that runs along recordings, where there is a background to tell them from."""
    name = next(iter(best.schema.targets))
    background, training = best.schema.training.background, best.schema.training
    if not can_hear(best.network):
        return
    if left is not None and left <= 0:
        progress.say("The budget is used up: the model does not learn when a sound begins and ends, and listens clip by clip.")
        return
    labels, usable = best.examples.labels[name], torch.from_numpy(best.examples.usable)
    rows = torch.from_numpy(np.concatenate([division.rows.train, division.rows.tune]))
    rows = rows[usable[rows] & labels.known[rows]]
    folder = None if background is None else joined(table.folder, background)
    best.network.hearing = hear(
        best.network,
        table,
        rows,
        labels.value[rows],
        folder=folder,
        unit=division.unit,
        seed=training.seed,
        progress=progress,
    )


def remembered(
    network: Network, examples: Examples, table: Table, division: Division, parts: Mapping[str, Answered], seed: int
) -> Reference:
    """What the rows that taught looked like, and what was answered to those kept apart: new rows are held against both."""
    taught = np.concatenate([division.rows.train, division.rows.tune])
    reference = fit_reference(network, examples, table, taught, division.unit, seed=seed)
    rows = np.concatenate([part.rows for part in parts.values()])
    answers = {name: torch.cat([part.answers[name] for part in parts.values()]) for name in network.targets}
    reference.answers = fit_answers(network, rows, answers, division.unit, seed=seed)
    return reference


def folded(
    artifact: Artifact,
    table: Table,
    best: Learned,
    division: Division,
    cache: VectorCache | None,
    seconds: float,
    progress: Progress,
) -> None:
    """Scores over folds, where they are asked for."""

    def learn(schema: Schema, part: Division) -> tuple[Network, Examples]:
        one = learned(table, schema, part, None, cache, Silent())
        again = one.fitted.chosen == "finetune"
        examples = examples_of(one.network, table, cache=cache, progress=Silent()) if again else one.examples
        return one.network, examples

    try_folds(artifact, table, division, best.examples.usable, learn, seconds, progress)


def judged(
    network: Network, artifact: Artifact, table: Table, examples: Examples, cache: VectorCache | None, progress: Progress
) -> Examples:
    """The examples as the finished network sees them: fine-tuned layers make vectors of their own."""
    if artifact.chosen != "finetune":
        return examples
    return examples_of(network, table, cache=cache, progress=progress)
