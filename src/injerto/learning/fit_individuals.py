"""A network of individuals on its way from pretrained maps to a gallery and a decision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from injerto.individual_network import IndividualNetwork
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.division import Division
from injerto.learning.history import History
from injerto.learning.individual_source import IndividualSource
from injerto.learning.loop import learn
from injerto.learning.loose_source import LooseSource
from injerto.learning.pace import within_budget
from injerto.learning.plan import individuals_plan
from injerto.photos import Photos
from injerto.progress import Progress
from injerto.schema.schema import Training


def fit_individuals(
    network: IndividualNetwork,
    photos: Photos,
    division: Division,
    training: Training,
    *,
    name: str = "individuals",
    work: Path | None,
    budget_seconds: float | None,
    progress: Progress,
) -> History:
    """Train `network`, whose marks are started, on the training rows with a name."""
    labels = photos.labels[network.head.name]
    usable = torch.from_numpy(photos.usable)
    train, tune = (torch.from_numpy(rows) for rows in (division.rows.train, division.rows.tune))
    train, tune = train[usable[train] & labels.known[train]], tune[usable[tune] & labels.known[tune]]
    loose = not network.head.centred
    plan = replace(individuals_plan(training, len(train), budget_seconds, loose=loose), name=name)
    checkpoint = Checkpoint(checkpoint_of(work, name) if work else None)
    source = (LooseSource if loose else IndividualSource)(network, photos, augment=training.augment)
    plan = within_budget(network, source, train, plan, work / f"{plan.name}.json" if work else None)
    return learn(network, source, train, tune, plan, checkpoint, progress)


def checkpoint_of(work: Path, name: str = "individuals") -> Path:
    """Where a run keeps its state between epochs."""
    return work / f"{name}.safetensors"
