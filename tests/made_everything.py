"""A small table with every kind of column, and a model of it with random weights: for tests that train nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import soundfile
import torch
from PIL import Image

from injerto.artifact.artifact import Artifact
from injerto.backbones.catalogue import entry
from injerto.backbones.networks import build
from injerto.embedders.lookup import Lookup
from injerto.examples import Examples, examples_of
from injerto.features.declared import features_of
from injerto.features.feature import MediaFeature
from injerto.features.fitted import fit_features
from injerto.heads import HEADS
from injerto.heads.vector_head import VectorHead
from injerto.network import Network
from injerto.progress import Silent
from injerto.reference.fit import fit_reference
from injerto.schema.schema import Input, InputKind, Schema, Target
from injerto.table.split import Rows
from injerto.table.table import Table

ROWS = 24
INPUTS: dict[str, InputKind] = {
    "mass": "number",
    "site": "category",
    "marks": "categories",
    "seen": "date",
    "photo": "image",
    "call": "sound",
}
TARGETS = {"species": "class", "tags": "classes", "age": "number"}
BACKBONES = {"image": "efficientnet_lite0", "sound": "small_cnn"}
RATE_HZ, PIXELS = 16_000, 64


def everything(folder: Path, rows: int = ROWS) -> Table:
    """A row of each kind of cell, with files in `folder`."""
    random = np.random.default_rng(0)
    folder.mkdir(parents=True, exist_ok=True)
    for row in range(rows):
        Image.fromarray(random.integers(0, 255, (70, 90, 3)).astype(np.uint8)).save(folder / f"{row}.png")
        time = np.arange(RATE_HZ) / RATE_HZ
        tone = np.sin(2 * np.pi * (400 + 150 * row) * time) * (time > 0.5)
        soundfile.write(folder / f"{row}.wav", (0.4 * tone + 0.01 * random.normal(size=RATE_HZ)).astype(np.float32), RATE_HZ)
    return Table.of(
        pl.DataFrame(
            {
                "mass": random.normal(10, 3, rows),
                "site": random.choice(["north", "south", "west"], rows),
                "marks": random.choice(["ring", "ring;spot", "spot", ""], rows),
                "seen": [dt.date(2024, 1, 1) + dt.timedelta(days=int(day)) for day in random.integers(0, 300, rows)],
                "photo": [f"{row}.png" for row in range(rows)],
                "call": [f"{row}.wav" for row in range(rows)],
                "species": random.choice(["jay", "owl", "wren"], rows),
                "tags": random.choice(["young", "young;wet", "wet"], rows),
                "age": random.uniform(1, 9, rows),
            }
        ),
        folder=folder,
    )


def model_of(
    table: Table,
    inputs: list[str],
    targets: list[str],
    seed: int = 0,
    pixels: int = PIXELS,
    times: tuple[str, ...] = (),
) -> Artifact:
    """One that reads `inputs` of `everything` and answers `targets`; photos are `pixels` a side, sounds clips of `times`."""
    network, examples, declared = network_of(table, inputs, targets, BACKBONES, seed=seed, pixels=pixels, times=times)
    rows = np.arange(len(table))
    reference = fit_reference(network, examples, table, rows, rows, seed=0)
    schema = Schema(inputs=declared, targets={name: Target(kind=TARGETS[name]) for name in targets})  # type: ignore[arg-type]
    return Artifact(schema, network, Rows(rows, rows[:0], rows[:0], "made up"), reference=reference)


def network_of(
    table: Table,
    inputs: list[str],
    targets: list[str],
    backbones: dict[str, str],
    *,
    seed: int = 0,
    pixels: int = PIXELS,
    times: tuple[str, ...] = (),
) -> tuple[Network, Examples, dict[str, Input]]:
    """The network of such a model, its rows without labels, and its inputs; `backbones` by kind of file."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        declared = {name: Input(kind=INPUTS[name], backbone=backbones.get(INPUTS[name], "auto")) for name in inputs}
        if times:
            declared["call"] = declared["call"].model_copy(update={"start": times[0], "end": times[1]})
        features = features_of(declared)
        for feature in features:
            if isinstance(feature, MediaFeature):
                name = feature.options.backbone
                feature.suit(name, pixels if feature.options.kind == "image" else entry(name).resolution)
        fit_features(features, table)
        heads = [head_of(name, table) for name in targets]
        used = sorted({feature.backbone_ for feature in features if isinstance(feature, MediaFeature)})
        network = Network(features, heads, {name: build(name) for name in used}).eval()
        for head in (*network.targets.values(), *network.probe_heads.values()):
            head.convolve.weight.data.normal_(0, head.convolve.in_channels**-0.5)
        for module in network.modules():
            if isinstance(module, Lookup):
                module.offset.data.normal_()
        examples = examples_of(network, table, cache=None, progress=Silent())
        for key, embedder in network.media.items():
            embedder.standardise(examples.vectors[key])
    return network, examples, declared


def head_of(name: str, table: Table) -> VectorHead:
    """The head of a target, fitted."""
    head = HEADS[TARGETS[name]](name, Target(kind=TARGETS[name]))  # type: ignore[arg-type]
    return head.fit(head.column(table))
