"""Train on points: what `train.py` does for vectors, for photos on which points are to be found."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from injerto.artifact.artifact import Artifact
from injerto.backbones import catalogue
from injerto.backbones.weights import load
from injerto.cross_validate import try_folds
from injerto.draws import seeded
from injerto.evidence.doubts import doubts
from injerto.evidence.suspects import drawn_suspects
from injerto.features.resolution import resolution_for
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads.head import Labels
from injerto.heads.keypoints import ANSWERS, KeypointsHead
from injerto.heads.point_column import framing_in
from injerto.learning.division import Division
from injerto.learning.fit_points import fit_points
from injerto.learning.frozen_points import NAME as RIDGE
from injerto.learning.frozen_points import frozen_points
from injerto.learning.plan import seconds_left
from injerto.learning.ridge_points import RidgePoints, rms
from injerto.photos import Photos, photos_again, photos_of
from injerto.point_network import PointNetwork, source_feature
from injerto.progress import Progress, Silent
from injerto.reference.fit import fit_photo_reference
from injerto.schema.schema import Schema
from injerto.scores import Answered, add_rival, answered, scores_of
from injerto.table.boxes import boxed_column
from injerto.table.column import Column
from injerto.table.table import Table


def train_points(
    table: Table, schema: Schema, division: Division, *, started: float, work: Path | None, progress: Progress
) -> Artifact:
    """Learn to find the points that `schema` declares. *Raises* TrainingError when the rows cannot teach them."""
    network = point_network(table, schema, division)
    photos = photos_of(network, table, progress=progress)
    column = network.head.column(table)
    labels = network.head.encode(column)
    photos.labels = {network.head.name: labels}
    ridge = frozen_points(network, photos, division, seed=schema.training.seed, progress=progress)
    left = seconds_left(schema.training, started)
    history = fit_points(network, photos, division, schema.training, work=work, budget_seconds=left, progress=progress)
    artifact = Artifact(schema, network, division.rows, [history], history.name)
    artifact.ledger = photos.ledger
    parts = answered(artifact, photos, progress)
    artifact.scores, artifact.evidence = scores_of(artifact, table, parts, division.unit)
    taught = np.concatenate([division.rows.train, division.rows.tune])
    artifact.reference = fit_photo_reference(network, photos, taught, division.unit, seed=schema.training.seed)
    if ridge is not None:
        unknown = torch.full((*ridge.xy_unit.shape[:2], len(ANSWERS) - 2), torch.nan)
        add_rival(artifact, table, parts, RIDGE, {network.head.name: torch.cat([ridge.xy_unit, unknown], dim=2)}, division.unit)
        history.notes[RIDGE] = {"taught by": ridge.rows, "penalty": ridge.penalty, "rmse_px": _rmse_px(ridge, column, labels)}
        _doubt(artifact, table, network, parts, ridge, progress)

    def learn(schema: Schema, part: Division) -> tuple[PointNetwork, Photos]:
        return learned_anew(table, schema, part, photos)

    try_folds(artifact, table, division, photos.usable, learn, time.perf_counter() - started, progress)
    return artifact


def learned_anew(table: Table, schema: Schema, division: Division, photos: Photos) -> tuple[PointNetwork, Photos]:
    """Another network, taught by the rows of `division`; `photos` are those of the table, read already."""
    network = point_network(table, schema, division)
    own = photos_again(photos, network, table)
    own.labels = {network.head.name: network.head.encode(network.head.column(table))}
    budget = schema.training.budget_seconds
    fit_points(network, own, division, schema.training, work=None, budget_seconds=budget, progress=Silent())
    return network, own


def _rmse_px(ridge: RidgePoints, column: Column, labels: Labels) -> float:
    """The ridge's error over every known x and y of all rows, none of which taught what it was told by."""
    apart = (ridge.xy_unit - labels.value[:, :, :2]) * torch.tensor(framing_in(column).side)[:, None, None]
    return round(rms(apart), 4)


def _doubt(
    artifact: Artifact,
    table: Table,
    network: PointNetwork,
    parts: Mapping[str, Answered],
    ridge: RidgePoints,
    progress: Progress,
) -> None:
    """Put labels that may be wrong beside what the report shows of the target, and say how many there are."""
    told = torch.full_like(ridge.xy_unit, torch.nan)
    for part in parts.values():
        told[part.rows] = part.answers[network.head.name][:, :, :2].float()
    found = doubts(network.head, table, ridge.xy_unit, told)
    if not found or network.head.name not in artifact.evidence:
        return
    photo = network.head.photo
    drawn = drawn_suspects(table, (photo, artifact.schema.inputs[photo]), found)
    artifact.evidence[network.head.name]["suspects"] = drawn
    first = found[0]
    progress.say(
        f"{len(found)} label(s) of points may be wrong; the report and suspects.csv in the model's folder list them. "
        f"The first: {first['point']} in row {first['row']} ({first['photo']}): {first['reason']}."
    )


def point_network(table: Table, schema: Schema, division: Division) -> PointNetwork:
    """What is fitted on the training rows, on pretrained maps and a decoder whose weights are random."""
    name, target = next(iter(schema.targets.items()))
    train = table.take(division.rows.train)
    photo = WholePhotoFeature(str(target.photo), schema.inputs[str(target.photo)], target.box)
    entry = catalogue.choose("image", photo.options.backbone)
    photo.suit(entry.name, target.resolution or resolution_for(boxed_column(table, str(target.photo), target.box)))
    head = KeypointsHead(name, target)
    head.fit(head.column(train))
    source = None if target.source is None else source_feature(target.source).fit(train.column(target.source))
    with seeded(schema.training.seed):  # the first weights, too, follow from the seed
        return PointNetwork(photo, head, load(entry.name), source)
