"""Do the heat maps tell anything? Deletion curves and random weights, on photos and sounds that the model never saw.

    python benchmarks/explanations.py --photos FOLDER --sounds FOLDER

Deletion (Petsiuk et al. 2018): places are erased, those first that the map says speak most for the answer; the answer's mean
probability over the way is held against orders drawn at random. Random weights (Adebayo et al. 2018): Spearman's correlation
of a map with that of the same network whose head, backbone, or both are drawn anew. Photos: ants and bees, 30 % left out.
Sounds: ESC-10, fold 4 left out. Intervals are bootstraps over files.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import torch
from left_out import of_sounds
from machine import machine, spread
from torch import Tensor

import injerto
from injerto.examples import examples_of
from injerto.explain.asked import ASKED, Asked
from injerto.explain.files import Look, value_without
from injerto.explain.maps import carried_back, grad_cam, own_map, slopes
from injerto.explain.sanity import area, deletion, randomised, rank_correlation
from injerto.features.feature import MediaFeature
from injerto.network import Batch, Network
from injerto.progress import Silent

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
STEPS = 10
ORDERS = 3
SEEDS = 2
PARTS = ("head", "backbone", "all")


def maps(network: Network, look: Look, row: Batch, asked: Asked) -> dict[str, np.ndarray]:
    """The maps over one file, all of one shape."""
    slope = slopes(network, look.key, look.grid, row, asked)[0]
    photo = look.backbone.lattice(look.grid) is None
    own = own_map(network, look.key, look.grid[0], row, asked) if photo else carried_back(look.grid[0], slope)
    return {"head's own": own.numpy(), "Grad-CAM": grad_cam(look.grid[0], slope).numpy()}


def files(model: injerto.Model, table: injerto.Table) -> Iterator[tuple[str, MediaFeature, Tensor, Batch, Asked]]:
    """Each file of a table of one column of files, with its row and what is answered."""
    network = model.network
    assert isinstance(network, Network)
    examples = examples_of(network, table, cache=model.cache, progress=Silent())
    (head,) = network.targets.values()
    (block,) = network.blocks
    (feature,) = block.features
    assert isinstance(feature, MediaFeature)
    column = feature.column(table)
    for place in np.flatnonzero(examples.usable).tolist():
        row = examples.batch(torch.tensor([place]))
        with torch.inference_mode():
            answer = head.trusted(network(row)[head.name], network.trust(row))
        yield block.key, feature, feature.read(column, place), row, ASKED[head.kind].of(head, answer)


def measured(model: injerto.Model, table: injerto.Table, seed: int) -> pl.DataFrame:
    """A line for each file and map: areas under the curves and correlations."""
    network = model.network
    assert isinstance(network, Network)
    random = np.random.default_rng(seed)
    others = {(part, again): randomised(network, part, again) for part in PARTS for again in range(SEEDS)}
    lines = []
    for key, feature, seen, row, asked in files(model, table):
        look = Look.at(network, key, feature, seen)
        found = maps(network, look, row, asked)
        value = value_without(network, row, asked, [look], look)
        places = next(iter(found.values())).size
        chance = [area(deletion(value, random.permutation(places), STEPS)) for _ in range(ORDERS)]
        drawn = {name: maps(other, Look.at(other, key, feature, seen), row, asked) for name, other in others.items()}
        for name, own in found.items():
            curve = deletion(value, np.argsort(-own.ravel(), kind="stable"), STEPS)
            alike = {part: mean_of(rank_correlation(own, drawn[part, again][name]) for again in range(SEEDS)) for part in PARTS}
            lines.append({"map": name, "deletion": area(curve), "random": float(np.mean(chance)), **alike})
    return pl.DataFrame(lines)


def mean_of(values: Iterable[float]) -> float:
    """Of those that are known: a map that is the same everywhere, as Grad-CAM's may be, has no order."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def borne_out(name: str, model: injerto.Model, table: injerto.Table, seed: int) -> None:
    """Print a line for each map over a set of files."""
    lines = measured(model, table, seed)
    for (kind,), part in lines.group_by("map", maintain_order=True):
        less = (part["random"] - part["deletion"]).to_numpy()
        draws = np.random.default_rng(0).choice(less, (2000, len(less))).mean(axis=1)
        low, high = np.quantile(draws, [0.025, 0.975])
        cells = [
            f"{part['deletion'].mean():.3f}",
            f"{part['random'].mean():.3f}",
            f"{less.mean():.3f} ({low:.3f} to {high:.3f})",
            f"{(less > 0).mean():.0%}",
            *(f"{part[each].fill_nan(None).mean():+.2f} ({part[each].fill_nan(None).std():.2f})" for each in PARTS),
        ]
        print(f"| {name} | {len(part)} | {kind} | {' | '.join(cells)} |", flush=True)


def seconds(name: str, model: injerto.Model, table: injerto.Table) -> None:
    """Print the processor's seconds that an explanation and its page take, over five rows."""
    spent = []
    for row in range(5):
        started = time.process_time()
        model.explain_page(model.explain(table, row))
        spent.append(time.process_time() - started)
    print(f"| {name} | {spread(spent)} |", flush=True)


def main() -> None:
    """Train, explain, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, default=DATA / "ants_bees")
    parser.add_argument("--sounds", type=Path, default=DATA / "esc10")
    parser.add_argument("--backbones", nargs="*", default=["mn04", "logmel_lite0"], help="Networks of sounds.")
    parser.add_argument("--files", type=int, default=40, help="Of each set, drawn from those left out.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", action="store_true", help="Measure how long an explanation takes, and nothing else.")
    chosen = parser.parse_args()
    tell = seconds if chosen.seconds else partial(borne_out, seed=chosen.seed)
    random = np.random.default_rng(chosen.seed)
    print(f"{machine()}, seed {chosen.seed}\n")
    figures = ["map first", "random first", "less by (95 %)", "with less", "head drawn anew", "backbone", "all"]
    head = ["set", "processor seconds"] if chosen.seconds else ["set", "files", "map", *figures]
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    photos = injerto.Table.read(chosen.photos)
    part = pl.Series("part", np.where(random.random(len(photos)) < 0.3, "test", "train"))
    marked = injerto.Table.of(photos.frame.with_columns(part), folder=photos.folder)
    model = injerto.train(marked, "class", split="part", mode="probe", seed=chosen.seed)
    left_out = np.flatnonzero((part == "test").to_numpy())
    tell("ants and bees", model, marked.take(random.permutation(left_out)[: chosen.files]))
    clips = injerto.Table.read(chosen.sounds / "clips.csv")
    fold = clips.frame["fold"].to_numpy()
    for backbone in chosen.backbones:
        schema = of_sounds("clip", "sound", group="source", backbone=backbone)
        model = injerto.train(clips.take(np.flatnonzero(fold != 4)), schema=schema)
        asked = random.permutation(np.flatnonzero(fold == 4))[: chosen.files]
        tell(f"ESC-10, {backbone}", model, clips.take(asked))


if __name__ == "__main__":
    main()
