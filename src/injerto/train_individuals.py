"""Train on individuals: what `train.py` does for classes, where those to be named later need not be those that were learned."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from injerto.artifact.artifact import Artifact
from injerto.cross_validate import try_folds
from injerto.evidence.lookalikes import lookalike_cards
from injerto.gallery.thumbnail import thumbnail
from injerto.heads.individual_column import asked_in
from injerto.individual_network import IndividualNetwork
from injerto.learning.build_individuals import individual_network
from injerto.learning.choose_detail import started_network
from injerto.learning.division import Division
from injerto.learning.fit_individuals import fit_individuals
from injerto.learning.gallery_of import enrolled
from injerto.learning.history import History
from injerto.learning.plan import seconds_left
from injerto.learning.refit_individuals import refit_individuals
from injerto.learning.seen import seen
from injerto.learning.settle import settle, strangers_test
from injerto.photos import Photos, photos_again, photos_of
from injerto.progress import Progress, Silent
from injerto.reference.fit import fit_answers, fit_photo_reference
from injerto.reference.reference import Reference
from injerto.schema.schema import Schema
from injerto.scores import Answered, answered, scores_of
from injerto.table.table import Table

FIRST_SHARE = 0.4
"""Of the budget, for the run that is judged; what follows takes as long with all rows, and starts anew."""


def train_individuals(
    table: Table, schema: Schema, division: Division, *, started: float, work: Path | None, progress: Progress
) -> Artifact:
    """Learn to tell apart whom `schema` names. *Raises* TrainingError when the rows cannot teach it."""
    network = individual_network(table, schema, division.rows.train)
    photos = photos_of(network, table, progress=progress)
    network, history = learned(network, photos, table, schema, division, started=started, work=work, progress=progress)
    artifact = Artifact(schema, network, division.rows, [history], history.name)
    artifact.ledger = photos.ledger
    artifact.gallery = network.head.gallery
    parts = judge(artifact, table, photos, division.unit, progress)
    artifact.reference = remembered(network, photos, division, parts, schema.training.seed)

    def learn(schema: Schema, part: Division) -> tuple[IndividualNetwork, Photos]:
        return learned_anew(table, schema, part, photos)

    try_folds(artifact, table, division, photos.usable, learn, time.perf_counter() - started, progress)
    return artifact


def learned(
    network: IndividualNetwork,
    photos: Photos,
    table: Table,
    schema: Schema,
    division: Division,
    *,
    started: float,
    work: Path | None,
    progress: Progress,
) -> tuple[IndividualNetwork, History]:
    """A network that learned who is who, with its gallery and its decision; `network` is one that has learned nothing yet."""
    photos.labels = {name: head.encode(head.column(table)) for name, head in network.targets.items()}
    network = started_network(network, table, schema, division, photos, work, progress)
    left = seconds_left(schema.training, started)
    share = None if left is None else left * FIRST_SHARE
    history = fit_individuals(network, photos, division, schema.training, work=work, budget_seconds=share, progress=progress)
    settle(network, table, photos, schema, division, progress)
    left = seconds_left(schema.training, started)
    return refit_individuals(
        network, history, table, schema, division, photos, work=work, left=left, progress=progress
    ), history


def learned_anew(table: Table, schema: Schema, division: Division, photos: Photos) -> tuple[IndividualNetwork, Photos]:
    """Another network, taught by the rows of `division`; `photos` are those of the table, read already. Its gallery holds those
    that test, too, where no individual that tests was ever seen: they are looked for among each other's photos.
    """
    started, detail = time.perf_counter(), schema.individual[1].detail if schema.individual is not None else None
    first = individual_network(table, schema, division.rows.train, detail)
    own = photos_again(photos, first, table)
    network, _ = learned(first, own, table, schema, division, started=started, work=None, progress=Silent())
    if strangers_test(schema):
        tested = torch.from_numpy(division.rows.test)
        vectors = seen(network, own, tested, Silent())[network.head.name]
        network.head.gallery = enrolled(network.head.gallery, network, table.take(tested.numpy()), own, tested, vectors).gallery
    return network, own


def judge(artifact: Artifact, table: Table, photos: Photos, unit: np.ndarray, progress: Progress) -> dict[str, Answered]:
    """The honest score, with intervals over `unit` (N,), and what was answered.

    Where no individual that tests was ever seen, they are looked for among each other's photos.
    """
    network = artifact.network
    assert isinstance(network, IndividualNetwork)
    kept = network.head.gallery
    parts = answered(artifact, photos, progress)
    if strangers_test(artifact.schema) and "test" in parts:
        found = parts["test"]
        vectors = found.answers[network.head.name]
        tested = torch.from_numpy(found.rows)
        network.head.gallery = enrolled(kept, network, table.take(found.rows), photos, tested, vectors).gallery
    artifact.scores, artifact.evidence = scores_of(artifact, table, parts, unit)
    show_lookalikes(artifact, table, photos, parts)
    network.head.gallery = kept
    return parts


def remembered(
    network: IndividualNetwork, photos: Photos, division: Division, parts: Mapping[str, Answered], seed: int
) -> Reference:
    """What the photos that taught looked like, and what else was answered to those that test: tune rows taught it, too."""
    taught = np.concatenate([division.rows.train, division.rows.tune])
    reference = fit_photo_reference(network, photos, taught, division.unit, seed=seed)
    if "test" in parts:
        tested = parts["test"]
        reference.answers = fit_answers(network, tested.rows, tested.answers, division.unit, seed=seed)
    return reference


def show_lookalikes(artifact: Artifact, table: Table, photos: Photos, parts: Mapping[str, Answered]) -> None:
    """Put pictures of the gallery beside the photos that the report shows."""
    network = artifact.network
    assert isinstance(network, IndividualNetwork)
    head, places = network.head, {int(number): place for place, number in enumerate(table.rows)}
    vectors = {int(row): part.answers[head.name][place] for part in parts.values() for place, row in enumerate(part.rows)}
    asked = asked_in(head.column(table))

    def nearest(number: int, name: str) -> bytes | None:
        place = places[number]
        photo = head.gallery.nearest(vectors[place][None], asked.take(np.array([place])), name)
        return None if photo is None else head.gallery.photos["thumbnail"][photo]

    def as_seen(number: int) -> bytes:
        return thumbnail(photos.picture(places[number]).permute(1, 2, 0).numpy())

    shown = artifact.evidence.get(head.name, {})
    for gallery in ("worst", "rule"):
        if gallery in shown:
            shown[gallery] = lookalike_cards(shown[gallery], nearest, as_seen)
