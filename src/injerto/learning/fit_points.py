"""A network of points on its way from pretrained maps to calibrated circles."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from injerto.errors import TrainingError
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.division import Division
from injerto.learning.history import History
from injerto.learning.loop import learn
from injerto.learning.plan import points_plan
from injerto.learning.point_source import PointSource
from injerto.learning.suited_moves import suited_strength
from injerto.photos import Photos
from injerto.point_network import PointNetwork
from injerto.progress import Progress
from injerto.schema.schema import Training

BATCH_ROWS = 64


def fit_points(
    network: PointNetwork,
    photos: Photos,
    division: Division,
    training: Training,
    *,
    work: Path | None,
    budget_seconds: float | None,
    progress: Progress,
) -> History:
    """Train `network` on rows where any point is known, and calibrate its circles on the tune rows.

    *Raises* TrainingError when no training row with a photo that can be read has a known point.
    """
    labels = photos.labels[network.head.name]
    rows = {name: _known(rows, photos, labels.known) for name, rows in vars(division.rows).items() if name in ("train", "tune")}
    if not len(rows["train"]):
        raise TrainingError(
            "No row to train with has a readable photo and a known point. Fill in points; `injerto check` tells of the photos."
        )
    turn = network.head.options.turn_degrees
    strength = suited_strength(labels.value[rows["train"]], turn) if training.augment else None
    source = PointSource(network, photos, strength)
    plan = points_plan(training, len(rows["train"]), budget_seconds)
    checkpoint = Checkpoint(work / f"{plan.name}.safetensors" if work else None)
    history = learn(network, source, rows["train"], rows["tune"], plan, checkpoint, progress)
    if strength is not None:
        history.notes["photos vary by"] = strength.words
    calibrate(network, photos, rows["tune"])
    return history


def _known(rows: object, photos: Photos, known: Tensor) -> Tensor:
    indices = torch.as_tensor(rows)
    return indices[torch.from_numpy(photos.usable)[indices] & known[indices]]


@torch.no_grad()
def calibrate(network: PointNetwork, photos: Photos, rows: Tensor) -> None:
    """Make the head's circles honest on `rows`, which taught nothing of the places they are judged by."""
    network.eval()
    if not len(rows):
        return
    located = torch.cat([network.located(photos.batch(part)) for part in rows.split(BATCH_ROWS)])
    network.head.calibrate(located, photos.labels[network.head.name].take(rows))
