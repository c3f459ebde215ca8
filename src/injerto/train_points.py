"""Train on points: the same flow as `train.py` for photos on which points are to be found."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch

from injerto.artifact.artifact import Artifact
from injerto.backbones import catalogue
from injerto.backbones.memory import keep_memory
from injerto.backbones.weights import load
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads.keypoints import KeypointsHead
from injerto.learning.division import Division, divide
from injerto.learning.fit_points import fit_points
from injerto.learning.resume import claim
from injerto.photos import photos_of
from injerto.point_network import PointNetwork, source_feature
from injerto.progress import Progress
from injerto.schema.check import check
from injerto.schema.schema import Schema, Target
from injerto.scores import scores_of
from injerto.table.boxes import boxed_column
from injerto.table.framing import framing_of
from injerto.table.table import Table

SMALLEST, LARGEST = 96, 224
"""Pixels a side that a network sees where the user does not say: as the photos are, within what a laptop trains in minutes."""
_STEP = 32


def train_points(table: Table, schema: Schema, *, work: Path | None, progress: Progress) -> Artifact:
    """Learn to find the points that `schema` declares. *Raises* as `train` does."""
    started = time.perf_counter()
    keep_memory()
    found = check(schema, table, quick=True)
    found.raise_errors()
    for problem in found.warnings:
        progress.say(f"Warning: {problem.message}")
    claim(work, table, schema, progress)
    division = divide(table, schema, progress)
    progress.say(division.rows.reason)
    network = point_network(table, schema, division)
    photos = photos_of(network, table, progress=progress)
    photos.labels = {network.head.name: network.head.encode(network.head.column(table))}
    budget = schema.training.budget_seconds
    left = None if budget is None else budget - (time.perf_counter() - started)
    history = fit_points(network, photos, division, schema.training, work=work, budget_seconds=left, progress=progress)
    artifact = Artifact(schema, network, division.rows, [history], history.name)
    artifact.ledger = photos.ledger
    artifact.scores, artifact.evidence = scores_of(artifact, table, photos, progress)
    artifact.facts = {
        "table": table.name,
        "rows": len(table),
        "digest": table.digest(),
        "seconds": round(time.perf_counter() - started, 1),
        "split": division.rows.reason,
        "tried": {},
    }
    return artifact


def point_network(table: Table, schema: Schema, division: Division) -> PointNetwork:
    """What is fitted on the training rows, on pretrained maps and a decoder whose weights are random."""
    name, target = next(iter(schema.targets.items()))
    train = table.take(division.rows.train)
    photo = WholePhotoFeature(str(target.photo), schema.inputs[str(target.photo)], target.box)
    entry = catalogue.choose("image", photo.options.backbone)
    photo.suit(entry.name, target.resolution or resolution_for(table, target))
    head = KeypointsHead(name, target)
    head.fit(head.column(train))
    source = None if target.source is None else source_feature(target.source).fit(train.column(target.source))
    with torch.random.fork_rng():
        torch.manual_seed(schema.training.seed)  # the first weights, too, follow from the seed
        return PointNetwork(photo, head, load(entry.name), source)


def resolution_for(table: Table, target: Target) -> int:
    """Pixels a side near the typical longer side of the photos, from 96 to 224 in steps of 32."""
    sides = framing_of(boxed_column(table, str(target.photo), target.box)).side
    typical = float(np.nanmedian(sides)) if np.isfinite(sides).any() else LARGEST
    return int(np.clip(round(typical / _STEP) * _STEP, SMALLEST, LARGEST))
