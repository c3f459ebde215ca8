"""Every kind of network that learns from files, each with a few made-up rows: for tests of what all of them must do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import torch
from PIL import Image
from torch import Tensor

import made_everything
import made_individuals
from injerto.backbones.networks import build
from injerto.embedders.lookup import Lookup
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads.keypoints import KeypointsHead
from injerto.learner import Learner
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.files import FileSource
from injerto.learning.history import History
from injerto.learning.individual_source import IndividualSource
from injerto.learning.loop import learn
from injerto.learning.loose_source import LooseSource
from injerto.learning.plan import Plan
from injerto.learning.point_source import PointSource
from injerto.learning.source import Source
from injerto.learning.vary_points import Strength
from injerto.photos import photos_of
from injerto.point_network import PointNetwork, source_feature
from injerto.progress import Silent
from injerto.schema.schema import Input, PointHead, Target
from injerto.table.table import Table

PLAN = Plan(name="finetune", epochs=2, batch_rows=6, learning_rate=1e-4, seed=3, augment=True, backbone=True, average=0.9)
"""At small rates, so that runs that differ in the last digit of a sum do not part."""
POINTS = ["left", "right", "nose"]


@dataclass(frozen=True)
class Learning:
    """A network, its rows, and how it learns."""

    network: Learner
    source: Source
    train: Tensor
    tune: Tensor
    plan: Plan = PLAN

    def go(self, path: Path | None = None) -> History:
        """Learn."""
        return learn(self.network, self.source, self.train, self.tune, self.plan, Checkpoint(path), Silent())


def losses_of(history: History) -> Tensor:
    """(epochs, 2): of training rows and of tune rows."""
    return torch.tensor([[epoch.train_loss, epoch.tune_loss] for epoch in history.epochs], dtype=torch.float64)


def of_columns(
    folder: Path, inputs: list[str], targets: list[str], backbones: dict[str, str], *, long: bool = False
) -> Learning:
    """Some of the columns of `made_everything`, with some cells and labels empty."""
    table = made_everything.everything(folder)
    empty = pl.int_range(pl.len()) % 7 == 3
    cells = [name for name in ("photo", "call", "seen", "mass", "site", "age") if len(inputs) > 1 or name == "age"]
    table = replace(
        table, frame=table.frame.with_columns(pl.when(empty).then(None).otherwise(pl.col(name)).alias(name) for name in cells)
    )
    network, examples, _ = made_everything.network_of(table, inputs, targets, backbones)
    for embedder in network.media.values():  # vectors of random weights are too alike for a scale made for them
        embedder.mean.zero_()
        embedder.scale.fill_(1)
    for part in network.modules():
        if isinstance(part, Lookup):
            part.long = long
    examples.labels = {name: head.encode(head.column(table)) for name, head in network.targets.items()}
    usable = torch.from_numpy(np.flatnonzero(examples.usable))
    source = FileSource(table, network.blocks, examples, augment=True)
    return Learning(network, source, usable[:-6], usable[-6:])


def of_points(folder: Path, head: PointHead, *, mirror: bool, who: bool) -> Learning:
    """Three points on noise, placed by two people."""
    generator = np.random.default_rng(0)
    frame: dict[str, list[object]] = {"photo": [f"{row}.png" for row in range(14)], "who": ["a", "b"] * 7}
    folder.mkdir(parents=True, exist_ok=True)
    for name in frame["photo"]:
        Image.fromarray(generator.integers(0, 255, (70, 70, 3)).astype(np.uint8)).save(folder / str(name))
    for point in POINTS:
        for axis in "xy":
            frame[f"{point}_{axis}"] = generator.uniform(5, 65, 14).tolist()
    table = Table.of(pl.DataFrame(frame), folder=folder)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        pairs = [("left", "right")] if mirror else []
        target = Target(kind="keypoints", photo="photo", points=POINTS, mirror=pairs, head=head)
        points = KeypointsHead("keypoints", target)
        points.fit(points.column(table))
        photo = WholePhotoFeature("photo", Input(kind="image")).suit("efficientnet_lite0", 64)
        source = source_feature("who").fit(table.column("who")) if who else None
        network = PointNetwork(photo, points, build("efficientnet_lite0"), source).eval()
    photos = photos_of(network, table, progress=Silent())
    photos.labels = {name: head.encode(head.column(table)) for name, head in network.targets.items()}
    strength = Strength(crop_share=0.5, blur_share=0.5, erase_share=0.5)
    return Learning(network, PointSource(network, photos, strength), torch.arange(10), torch.arange(10, 14))


def of_individuals(folder: Path) -> Learning:
    """Four animals with centres, and their sizes."""
    example = made_individuals.made(folder)
    source = IndividualSource(example.network, example.photos, augment=True)
    return Learning(example.network, source, torch.arange(12), torch.arange(4))


def of_loose_marks(folder: Path) -> Learning:
    """The same animals, whose photos are compared among themselves."""
    example = made_individuals.made(folder, detail="loose")
    source = LooseSource(example.network, example.photos, augment=True)
    return Learning(example.network, source, torch.arange(12), torch.arange(6))


LEARNERS: dict[str, Callable[[Path], Learning]] = {
    "photos": partial(of_columns, inputs=["photo"], targets=["species"], backbones={"image": "efficientnet_lite0"}),
    "photos, several targets": partial(
        of_columns, inputs=["photo"], targets=["species", "tags", "age"], backbones={"image": "efficientnet_lite0"}
    ),
    "sounds from nothing": partial(of_columns, inputs=["call"], targets=["species"], backbones={"sound": "small_cnn"}),
    "sounds by mn04": partial(of_columns, inputs=["call"], targets=["species"], backbones={"sound": "mn04"}),
    "sounds by aisfx": partial(of_columns, inputs=["call"], targets=["tags"], backbones={"sound": "aisfx"}),
    "sounds as pictures": partial(of_columns, inputs=["call"], targets=["age"], backbones={"sound": "logmel_lite0"}),
    "every column": partial(
        of_columns,
        inputs=list(made_everything.INPUTS),
        targets=list(made_everything.TARGETS),
        backbones=made_everything.BACKBONES,
    ),
    "long lookups": partial(
        of_columns, inputs=["site", "photo"], targets=["age"], backbones={"image": "efficientnet_lite0"}, long=True
    ),
    "points by heat map": partial(of_points, head="heatmap", mirror=True, who=True),
    "points by SimCC": partial(of_points, head="simcc", mirror=True, who=False),
    "points by regression": partial(of_points, head="regression", mirror=False, who=False),
    "individuals": of_individuals,
    "loose marks": of_loose_marks,
}
"""By name; each writes its files into a folder."""
SHORT = ["photos, several targets", "sounds from nothing", "sounds by mn04", "every column", "points by heat map"]
SHORT += ["individuals", "loose marks"]
"""Those that are tried with half the bits, too."""
